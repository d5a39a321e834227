import type { Logger } from '../http/pipeline-services.ts';

/** Writes lines as JSON: Lambda's own log format takes objects as they are. */
export const logger: Logger = {
  // biome-ignore lint/suspicious/noConsole: the console is Lambda's log.
  info: (line) => console.info(line),
  // biome-ignore lint/suspicious/noConsole: the console is Lambda's log.
  error: (line) => console.error(line),
};
