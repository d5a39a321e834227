import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './is-running.ts';

/**
 * What processes have left in a folder that were killed.
 * @param form Of the names to look at; its group is the process's id.
 */
export function orphansIn(folder: string, form: RegExp): string[] {
  return readdirSync(folder)
    .filter((name) => {
      const [, owner] = form.exec(name) ?? [];
      return owner !== undefined && !isRunning(Number(owner));
    })
    .map((name) => join(folder, name));
}
