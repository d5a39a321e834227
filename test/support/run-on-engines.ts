import { spawnSync } from 'node:child_process';

/**
 * Runs the data tests on the embedded engine and on Amazon's own: what passes on one alone is not understood. Takes the
 * names of engines, by default both.
 */
const named = process.argv.slice(2);
const engines = named.length > 0 ? named : ['dynoxide', 'dynamodb-local'];
const folders = ['test/data', 'test/functions', 'test/domain', 'test/model', 'test/faults'];
/** Who may do what is decided before anything is kept, in so many requests that one engine is enough for them. */
const exceptions = ['--exclude', 'test/functions/access/**'];

let failed = 0;
for (const engine of engines) {
  console.log(`\nOn ${engine}:`);
  const run = spawnSync('vitest', ['run', '--project', 'unit', ...folders, ...exceptions], {
    stdio: 'inherit',
    env: { ...process.env, TENANTRY_TEST_ENGINE: engine },
  });
  if (run.status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
