/** Whether this process runs one file after the other: those of `api` in vitest.config.ts. */
export const isShared = process.env.TENANTRY_TEST_PROCESS === 'shared';

/**
 * Said by what gives the process a setting that the services take on once: the files that follow would not have it, or
 * have it still. @throws Error where the process is shared
 */
export function needOwnProcess(what: string): void {
  if (isShared) throw new Error(`${what} needs a process of its own: name the file in vitest.config.ts.`);
}
