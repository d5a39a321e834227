import { existsSync, type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** How long the files have to be at rest before they count as changed: editors write in several steps. */
const restMilliseconds = 150;

/**
 * Calls back when the sources of what is served have changed, never twice at a time.
 * @returns a function that ends it
 */
export function watchSources(projectFolder: string, changed: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  const watchers: FSWatcher[] = [];
  for (const folder of ['console', 'docs', 'functions', 'shared', 'infra']) {
    if (!existsSync(join(projectFolder, folder))) continue;
    const watcher = watch(join(projectFolder, folder), { recursive: true }, (_, file) => {
      // The local stack itself is no part of what it serves.
      if (folder === 'infra' && file !== null && /^local([/\\]|$)/.test(file)) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        last = last.then(changed);
      }, restMilliseconds);
    });
    watchers.push(watcher);
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
