import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Leaves out of the functions the schemas that they do not use: of items that they do not read, of fields that they do
 * not take, and of answers, which documents and tests read, while a function only sends its own. esbuild drops what
 * nobody uses where making it has no effects, and each call of zod is said to have none.
 */
export const unusedSchemas: Plugin = {
  name: 'unused-schemas',
  setup(build) {
    build.onLoad({ filter: /[\\/](functions|shared)[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: withoutResponses(await readFile(path, 'utf8')).replace(/\bz\.[\w.]+\(/g, '/* @__PURE__ */ $&'),
      loader: 'ts',
    }));
  },
};

/** A source without the `responses` of its endpoint, which end where the formatter ends them: at the same depth. */
function withoutResponses(source: string): string {
  return source.replace(/^ {2}responses: \{(?:.*\},|[\s\S]*?^ {2}\},)$/m, '  responses: {},');
}
