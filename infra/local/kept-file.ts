import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ClearError } from './clear-error.ts';

/** A value that survives a kill: it is replaced in one step, so what is there is whole. */
export interface KeptFile<Value> {
  read(): Value;
  write(value: Value): void;
}

/**
 * A JSON file that only its owner may read.
 * @param file without one, the value is kept in memory
 * @throws ClearError by `read` when the file holds no JSON.
 */
export function keptFile<Value>(file: string | undefined, initial: Value): KeptFile<Value> {
  let inMemory = initial;
  return {
    read() {
      if (file === undefined) return inMemory;
      if (!existsSync(file)) return initial;
      try {
        return JSON.parse(readFileSync(file, 'utf8'));
      } catch (error) {
        throw new ClearError(`The file ${file} cannot be read: move it away. (${(error as Error).message})`);
      }
    },
    write(value) {
      inMemory = value;
      if (file !== undefined) writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`);
    },
  };
}

/** Replaces a file in one step; only its owner may read it. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
