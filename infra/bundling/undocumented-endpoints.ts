import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Leaves out of the functions what answers look like: documents and tests read it, a function only sends its answer.
 * The schemas of answers are then used by nobody, and esbuild drops them, since each call of zod is said to have no
 * effects.
 */
export const undocumentedEndpoints: Plugin = {
  name: 'undocumented-endpoints',
  setup(build) {
    build.onLoad({ filter: /[\\/]functions[\\/][\w-]+[\\/][\w-]+[\\/][\w-]+\.ts$/ }, async ({ path }) => ({
      contents: withoutResponses(await readFile(path, 'utf8')).replace(/\bz\.[\w.]+\(/g, '/* @__PURE__ */ $&'),
      loader: 'ts',
    }));
  },
};

/** A source without the `responses` of its endpoint, which end where the formatter ends them: at the same depth. */
function withoutResponses(source: string): string {
  return source.replace(/^ {2}responses: \{(?:.*\},|[\s\S]*?^ {2}\},)$/m, '  responses: {},');
}
