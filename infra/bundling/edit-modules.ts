import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A change of one file of a dependency, for what has no switch. */
export interface ModuleEdit {
  /** Below `node_modules`, with `/` between folders; a `*` stands for any part of one name. */
  readonly file: string;
  readonly edit: (source: string) => string;
}

/**
 * Bundles files of dependencies as the edits, one after the other, give them back. Imports in them are resolved from
 * where the file is.
 *
 * Another version of a dependency may move or rewrite a file, and then an edit does nothing:
 * `test/infra/bundling.test.ts` names what must not be in a bundle, and so notices.
 */
export function editModules(edits: readonly ModuleEdit[]): Plugin {
  const patterns = edits.map(({ file, edit }) => ({ edit, path: patternOf(file) }));
  return {
    name: 'edit-modules',
    setup(build) {
      const filter = new RegExp(patterns.map(({ path }) => path.source).join('|'));
      build.onLoad({ filter }, async (module) => {
        const source = await readFile(module.path, 'utf8');
        const matching = patterns.filter(({ path }) => path.test(module.path));
        return { contents: matching.reduce((text, { edit }) => edit(text), source), loader: 'default' };
      });
    },
  };
}

function patternOf(file: string): RegExp {
  const names = file.split('/').map((name) => name.replace(/[.+]/g, '\\$&').replaceAll('*', '[^\\\\/]+'));
  return new RegExp(`[\\\\/]node_modules[\\\\/]${names.join('[\\\\/]')}$`);
}
