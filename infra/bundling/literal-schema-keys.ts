import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Writes `{ http: … }` where the AWS SDK's generated schemas say `{ [_h]: … }` with `const _h = "http"`.
 *
 * It means the same, but esbuild has to assume that a computed key has effects and so keeps the schema of every
 * operation of the service: 45 kB for a function that sends one mail.
 */
export const literalSchemaKeys: Plugin = {
  name: 'literal-schema-keys',
  setup(build) {
    build.onLoad(
      { filter: /@aws-sdk[\\/]client-[a-z0-9-]+[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/ },
      async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const constants = new Map(
          [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
        );
        return {
          contents: source.replace(/\[(_\w+)\]:/g, (key, name) => `${constants.get(name) ?? key}:`),
          loader: 'js',
        };
      },
    );
  },
};
