/**
 * Something that the person at the terminal can put right. Its message is whole sentences that say what is wrong and
 * what to do; it is printed without a stack trace.
 */
export class ClearError extends Error {
  override readonly name = 'ClearError';
}
