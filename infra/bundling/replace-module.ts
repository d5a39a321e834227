import type { Plugin } from 'esbuild';

/**
 * Reads other text in place of one file of a package, for dependencies that have no switch for what is to be left out.
 * Imports in that text are resolved as the file itself would resolve them.
 *
 * A dependency may move the file in another version; `test/infra/bundling.test.ts` notices, because what was
 * replaced is then in the bundle again.
 */
export function replaceModule(options: {
  readonly name: string;
  /** Below `node_modules`, with `/` between folders. */
  readonly file: string;
  readonly contents: string;
}): Plugin {
  const path = options.file.replace(/[.+]/g, '\\$&').replaceAll('/', '[\\\\/]');
  return {
    name: options.name,
    setup(build) {
      build.onLoad({ filter: new RegExp(`[\\\\/]node_modules[\\\\/]${path}$`) }, () => ({
        contents: options.contents,
        loader: 'js',
      }));
    },
  };
}
