import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { buildClientsAsDeployed } from './test/support/clients-as-deployed.ts';
import { RunOrder } from './test/support/run-order.ts';

// Hundreds of processes load the same modules: the first of them compiles them for all.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

/** What stores, rules and endpoints do to a table: most of them are tested in processes that they share. */
const aboutTables = 'test/{domain,data,http,functions,model}/**/*.test.ts';

/** Those that set their process up in a way of their own. */
const inTheirOwn = [
  'test/http/{access-entries,failures,idempotency,rate-limits}.test.ts',
  'test/functions/access/{look-alikes,owner-races}.test.ts',
  'test/functions/jobs/{purge-deleted,redrive-mail}.test.ts',
  'test/functions/organization-admin/metrics-recount.test.ts',
  'test/functions/platform/{invitation-pages,invitation-races,refusal-races,upload-avatar}.test.ts',
];

/**
 * Those of a group begin when all of the group before have ended; within it a process is never without a file while there
 * are any. The first:
 * `api`: what runs in the test's own process, data on a real DynamoDB engine; one file after the other in the same
 *   process, where what is loaded and warm already need not be again.
 * `infra`: the app and what is built of it; in shared processes as well, since the CDK takes a second to load.
 * `stack`: HTTP against a running Tenantry, the local stack by default (see test/support/stack-under-test.ts), which
 *   starts meanwhile.
 *
 * The second:
 * `unit`: as `api`, each file in a process of its own.
 * `alone`: each job once on that stack, when nobody else asks it: one asks for whatever mail is due.
 *
 * The third, when the machine is at rest:
 * `permissions`: what the functions of that stack did, held against what the templates let them do, and what they
 *   printed, searched for all that was sent and answered.
 * `tour`: the README's tour of that stack, which gives a mail three seconds and takes the newest of all.
 *
 * By itself:
 * `console`: the console in a browser, on a stack of its own; it needs Chromium, so it runs by `npm run test:console`.
 */
export default defineConfig({
  resolve: { alias: await buildClientsAsDeployed() },
  test: {
    silent: 'passed-only',
    env: { TZ: 'UTC' },
    // More than there are processors: much of the time is waiting, for tries, for processes and for the stack.
    maxWorkers: 2 * availableParallelism() + 1,
    sequence: { sequencer: RunOrder },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{architecture,client,local,faults,contract}/**/*.test.ts', ...inTheirOwn],
          sequence: { groupOrder: 1 },
          setupFiles: ['test/support/quiet-log.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'api',
          include: [aboutTables],
          exclude: inTheirOwn,
          isolate: false,
          env: { TENANTRY_TEST_PROCESS: 'shared' },
          setupFiles: ['test/support/quiet-log.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          isolate: false,
          setupFiles: ['test/support/quiet-log.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'stack',
          include: ['test/{stack,limits}/**/*.test.ts'],
          globalSetup: ['test/support/start-stack.ts'],
          setupFiles: ['test/support/wait-for-stack.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/alone/**/*.test.ts'],
          globalSetup: ['test/support/start-stack.ts'],
          setupFiles: ['test/support/wait-for-stack.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'tour',
          include: ['test/tour/**/*.test.ts'],
          globalSetup: ['test/support/start-stack.ts'],
          setupFiles: ['test/support/wait-for-stack.ts'],
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'console',
          include: ['test/console/**/*.test.ts'],
          globalSetup: ['test/support/start-stack.ts'],
          setupFiles: ['test/support/wait-for-stack.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'permissions',
          include: ['test/{permissions,logs}/**/*.test.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
