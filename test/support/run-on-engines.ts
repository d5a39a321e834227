import { spawnSync } from 'node:child_process';

/** Runs the data tests on the embedded engine and on Amazon's own: what passes on one alone is not understood. */
const engines = ['dynoxide', 'dynamodb-local'];
const folders = ['test/data', 'test/functions', 'test/domain'];

let failed = 0;
for (const engine of engines) {
  console.log(`\nOn ${engine}:`);
  const run = spawnSync('vitest', ['run', '--project', 'unit', ...folders, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, TENANTRY_TEST_ENGINE: engine },
  });
  if (run.status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
