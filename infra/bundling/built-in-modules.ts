import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Takes Node's built-in modules by `process.getBuiltinModule` instead of by `import`.
 *
 * An ES module that imports `node:http` makes Node read every export of it, lazy ones too, and one of those loads the
 * whole of undici: about 40 ms of a cold start. It also lets CommonJS dependencies call `require('node:https')` inside
 * an ES module, which esbuild's output otherwise answers with `Dynamic require of "node:https" is not supported`.
 */
export const builtInModules: Plugin = {
  name: 'built-in-modules',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path }) =>
      isBuiltin(path)
        ? { path: path.replace(/^(?!node:)/, 'node:'), namespace: 'built-in', sideEffects: false }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'built-in' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
