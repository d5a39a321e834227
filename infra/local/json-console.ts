import { format } from 'node:util';

/** From the least to the most severe, with the console's methods that write them. */
const levels = [
  ['TRACE', ['trace']],
  ['DEBUG', ['debug']],
  ['INFO', ['info', 'log']],
  ['WARN', ['warn']],
  ['ERROR', ['error']],
  ['FATAL', []],
] as const;

/**
 * Makes the console write lines of JSON, as Lambda's runtime does for functions with the JSON log format. Objects go in
 * as they are; what is below the level is not written.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export function useJsonConsole(leastLevel: string, requestId: () => string, write: (line: string) => void): void {
  const least = levels.findIndex(([level]) => level === leastLevel.toUpperCase());
  for (const [position, [level, methods]] of levels.entries()) {
    for (const method of methods) {
      console[method] = (...values: unknown[]) => {
        if (position >= least) write(`${toLine(level, requestId(), values)}\n`);
      };
    }
  }
}

function toLine(level: string, requestId: string, values: readonly unknown[]): string {
  const head = { timestamp: new Date().toISOString(), level, requestId };
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...head, message: values[0] }, showErrors);
    } catch {
      return JSON.stringify({ ...head, message: format(values[0]) });
    }
  }
  const error = values.find((value) => value instanceof Error);
  return JSON.stringify({ ...head, message: format(...values), ...(error === undefined ? {} : describe(error)) });
}

function showErrors(_: string, value: unknown): unknown {
  return value instanceof Error ? { ...describe(value), ...value } : value;
}

function describe(error: Error): object {
  return { errorType: error.name, errorMessage: error.message, stackTrace: (error.stack ?? '').split('\n') };
}
