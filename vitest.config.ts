import { defineConfig } from 'vitest/config';

/**
 * `unit`: everything that runs in the test's own process, data on a real DynamoDB engine.
 * `stack`: HTTP against a running Tenantry, the local stack by default (see test/support/stack-under-test.ts).
 * `permissions`: after it, what the functions of that stack did, held against what the templates let them do, and what
 *   they printed, searched for all that was sent and answered.
 * `console`: the console in a browser, on a stack of its own; it needs Chromium, so it runs by `npm run test:console`.
 */
export default defineConfig({
  test: {
    silent: 'passed-only',
    env: { TZ: 'UTC' },
    // By default one processor is left idle, of two that is half.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'test/{architecture,client,domain,data,http,functions,infra,local,model,faults,contract}/**/*.test.ts',
          ],
          setupFiles: ['test/support/quiet-log.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'stack',
          include: ['test/{stack,readme,limits}/**/*.test.ts'],
          globalSetup: ['test/support/start-stack.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'console',
          include: ['test/console/**/*.test.ts'],
          globalSetup: ['test/support/start-stack.ts'],
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
