import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * Runs the data tests on the embedded engine and on Amazon's own: what passes on one alone is not understood. Takes the
 * names of engines, by default both; `--all` adds the tests of every endpoint, whose commands the model tells as well.
 */
const { values: options, positionals: named } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
});
const engines = named.length > 0 ? named : ['dynoxide', 'dynamodb-local'];
/** What rests on how the engine takes conditions, transactions, indexes and the order of writes. */
const data = [
  'test/data',
  'test/domain',
  'test/model',
  'test/functions/access/owner-races',
  'test/functions/accounts/large-lists',
  'test/functions/organization-admin/metrics-recount',
  'test/functions/platform/invitation-races',
  'test/functions/platform/refusal-races',
  'test/functions/platform/wallet',
];
const folders = options.all ? ['test/data', 'test/domain', 'test/model', 'test/faults', 'test/functions'] : data;

let failed = 0;
for (const engine of engines) {
  console.log(`\nOn ${engine}:`);
  const run = spawnSync('vitest', ['run', '--project', 'unit', '--project', 'api', ...folders], {
    stdio: 'inherit',
    env: { ...process.env, TENANTRY_TEST_ENGINE: engine, TENANTRY_TEST_EXTENT: 'whole' },
  });
  if (run.status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
