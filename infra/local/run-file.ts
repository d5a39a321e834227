import { readFileSync, rmSync } from 'node:fs';
import { ClearError } from './clear-error.ts';
import { writeWhole } from './kept-file.ts';

/** What others need to find a running stack; only its owner may read it. */
export interface RunFile {
  /** Where the API answers. */
  readonly url: string;
  /** The page that shows the mails; `GET /store` under it answers them as JSON. */
  readonly inboxUrl: string;
  readonly dynamodbUrl: string;
  readonly tableName: string;
  readonly platformAdmin: { readonly email: string; readonly password: string };
  /** Where the stack takes orders, from whoever shows the secret. */
  readonly controlUrl: string;
  readonly controlSecret: string;
  readonly processId: number;
}

/** Where the run file is when nobody says otherwise. */
export const defaultRunFile = '.local/run.json';

/** Writes the run file in one step. */
export function writeRunFile(file: string, content: RunFile): void {
  writeWhole(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/**
 * Reads the run file of a stack.
 * @throws ClearError when there is none.
 */
export function readRunFile(file: string): RunFile {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ClearError(`No stack runs: there is no run file ${file}. Start one with \`npm start\`.`);
  }
}

/** Removes the run file, unless another stack has written it since. */
export function removeRunFile(file: string, controlSecret: string): void {
  try {
    if (readRunFile(file).controlSecret === controlSecret) rmSync(file);
  } catch {
    // There is none any more.
  }
}
