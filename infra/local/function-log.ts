import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where everything goes that functions print, and what becomes of them. */
export interface FunctionLog {
  readonly file: string;
  /** Notes each line of a text, with the time and whose it is. It is in the file when this returns. */
  write(functionName: string, requestId: string, text: string): void;
  close(): void;
}

/** Beyond this a log is put aside at the next start. */
const logBytesMax = 20 * 1024 * 1024;

/**
 * Opens a log, behind what runs before have written. One that has grown large is put aside, ending in `.previous`.
 * @param echo also gets each line, for a person who watches.
 */
export function openFunctionLog(file: string, echo?: (line: string) => void): FunctionLog {
  mkdirSync(dirname(file), { recursive: true });
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > logBytesMax) renameSync(file, `${file}.previous`);
  let descriptor: number | undefined = openSync(file, 'a', 0o600);
  return {
    file,
    write(functionName, requestId, text) {
      for (const line of text.replace(/\n$/, '').split('\n')) {
        const noted = `${new Date().toISOString()} ${functionName} ${requestId} ${line}`;
        if (descriptor !== undefined) writeSync(descriptor, `${noted}\n`);
        echo?.(noted);
      }
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
