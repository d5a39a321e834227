import { ApiError } from './api-error.ts';

/** How long an answer is waited for: the gateway gives up after 30 seconds, and says so. */
export const answerSecondsMax = 35;

/**
 * Does what may take for ever, and gives it up when its time is over: then its signal is aborted, and nobody waits for it.
 * @throws ApiError `timed_out`
 */
export function inTime<Value>(seconds: number, work: (overdue: AbortSignal) => Promise<Value>): Promise<Value> {
  const overdue = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new ApiError(`No answer came in ${seconds} seconds.`, { code: 'timed_out', status: 0 }));
      overdue.abort();
    }, seconds * 1000);
    work(overdue.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
