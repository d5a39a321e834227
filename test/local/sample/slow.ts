import { setTimeout } from 'node:timers/promises';

/** Takes longer than its integration waits, and shorter than its own limit. */
export async function handler() {
  await setTimeout(3_000);
  return { statusCode: 200, body: 'late' };
}
