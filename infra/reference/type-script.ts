import type { Example } from './example.ts';
import type { Operation } from './operations.ts';

/** The example as a call of the typed client. */
export function typeScriptCall(_operation: Operation, _example: Example): string {
  return '';
}
