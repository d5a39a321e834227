import type { ModuleEdit } from './edit-modules.ts';

/**
 * Says what is generated into the AWS SDK so that esbuild sees that it has no effects, and drops it where it is unused.
 */
export const pureDeclarations: readonly ModuleEdit[] = [
  {
    // `{ [_h]: … }` with `const _h = "http"` becomes `{ "http": … }`. A computed key might have effects, so the
    // schemas of all operations of the service stayed: 45 kB for a function that sends one mail.
    file: '@aws-sdk/client-*/dist-es/schemas/*.js',
    edit(source) {
      const declarations = source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm);
      const constants = new Map([...declarations].map(([, name, text]) => [name, text]));
      return source.replace(/\[(_\w+)\]:/g, (key, name) => `${constants.get(name) ?? key}:`);
    },
  },
  {
    file: '@aws-sdk/lib-dynamodb/dist-es/pagination/*.js',
    edit: (source) => source.replace(/= createPaginator\(/g, '= /* @__PURE__ */ createPaginator('),
  },
];
