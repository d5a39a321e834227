import { measuredLine } from '../http/measurement.ts';
import type { Logger } from '../http/pipeline-services.ts';
import { stageName } from './configuration.ts';

/** Writes lines as JSON: Lambda's own log format takes objects as they are. */
export const logger: Logger = {
  // biome-ignore lint/suspicious/noConsole: the console is Lambda's log.
  error: (line) => console.error(line),
  // Not by the console, which puts an object below `message`: CloudWatch finds metrics at the root of a line only.
  measure: (line, measurement, level = 'INFO') => {
    const measured = measuredLine(line, measurement, { stage: stageName(), level, now: Date.now() });
    process.stdout.write(`${JSON.stringify(measured)}\n`);
  },
};
