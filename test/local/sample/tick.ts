/** Answers what it was started with. */
export async function handler(event: object) {
  console.debug({ said: 'nothing' });
  console.info({ said: 'tick', because: new RangeError('as asked') });
  console.warn('%s of %s', 'one', 'two', new Error('beside'));
  return { event, environment: { ...process.env } };
}
