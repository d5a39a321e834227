import { DomainError } from '../domain/errors.ts';
import type { Timestamp } from '../domain/timestamp.ts';

/** An endpoint's function ends a second before the gateway gives up, so that its own end is what the log shows. */
export const requestSecondsMax = 29;

/** How long a request waits for others, and begins anew where they came first. */
const patienceMilliseconds = 23_000;
/** What is left at the end for the answer and its access-log entry. */
const answerMilliseconds = 4_000;
/** What is left at the very end for the answer alone. */
const leaveMilliseconds = 1_000;

/** By when what has to be done for a request. */
export interface Deadline {
  /** Nothing is tried again after this. */
  readonly patientUntil: Timestamp;
  /** What is not done now is answered 503: the caller hears of it from us, not from the gateway. */
  readonly doneUntil: Timestamp;
  /** By this the access-log entry is durable, or the answer is 503 without it. */
  readonly loggedUntil: Timestamp;
}

/** The deadline of a request that has just arrived. @param remainingMilliseconds what Lambda gives the function */
export function deadlineOf(now: Timestamp, remainingMilliseconds = requestSecondsMax * 1000): Deadline {
  const doneUntil = now + remainingMilliseconds - answerMilliseconds;
  return {
    patientUntil: Math.min(now + patienceMilliseconds, doneUntil),
    doneUntil,
    loggedUntil: now + remainingMilliseconds - leaveMilliseconds,
  };
}

/** Nothing is written for a request that was answered without it. @throws `unavailable` */
export function requireTimeLeft({ doneUntil }: Deadline, now: Timestamp): void {
  if (now >= doneUntil) throw outOfTime();
}

/** What some work answers. @throws `unavailable` at `until`; the work may still come to its end, or not */
export async function answerBy<Result>(until: Timestamp, now: Timestamp, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(outOfTime()), Math.max(0, until - now));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function outOfTime(): DomainError {
  return new DomainError('unavailable', { retryAfterSeconds: 1, cause: new Error('Out of time.') });
}
