/**
 * Name, message and stack of an unexpected error, for the log. Its other fields may hold what was sent, so they stay
 * out; so does the message of a SyntaxError, in which JSON.parse quotes what it could not read.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error === undefined ? undefined : typeof error;
  return {
    name: error.name,
    message: error instanceof SyntaxError ? undefined : error.message,
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
    cause: describeError(error.cause),
  };
}
