import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ClearError } from './clear-error.ts';

/** How another start can ask whether this stack still runs. */
export interface Liveness {
  readonly controlUrl: string;
  readonly controlSecret: string;
  readonly processId: number;
}

/** A folder that belongs to this stack alone, until it is released. */
export interface DataFolder {
  readonly path: string;
  release(): void;
}

/**
 * Takes a data folder. One that a stack left behind when it was killed is taken over.
 * @throws ClearError when the folder cannot be used, or belongs to a stack that runs.
 */
export async function takeDataFolder(folder: string, liveness: Liveness): Promise<DataFolder> {
  const path = resolve(folder);
  try {
    makeFolder(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ClearError(`The data folder ${path} cannot be used: ${(error as Error).message}`);
  }
  const lock = join(path, 'stack.json');
  for (;;) {
    try {
      writeFileSync(lock, `${JSON.stringify(liveness)}\n`, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new ClearError(`The data folder ${path} cannot be used: ${(error as Error).message}`);
      }
    }
    const owner = readOwner(lock);
    if (owner !== undefined && (await isAlive(owner))) {
      throw new ClearError(
        `The data folder ${path} is in use by the stack that runs as process ${owner.processId}: ` +
          'end that one first, or choose another folder with TENANTRY_DATA_DIR.',
      );
    }
    rmSync(lock, { force: true });
  }
  return {
    path,
    release() {
      if (readOwner(lock)?.controlSecret === liveness.controlSecret) rmSync(lock, { force: true });
    },
  };
}

function readOwner(lock: string): Liveness | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8'));
  } catch {
    // A stack that was killed while it took the folder.
    return undefined;
  }
}

/** A process id may have been given to somebody else meanwhile; the secret was not. */
async function isAlive({ controlUrl, controlSecret }: Liveness): Promise<boolean> {
  try {
    const response = await fetch(controlUrl, {
      headers: { authorization: `Bearer ${controlSecret}` },
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok;
  } catch (error) {
    return (error as Error).name === 'TimeoutError';
  }
}

/** Makes a folder and those above it. `recursive: true` never ends where the system says ENOENT, as it does below `/proc`. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
