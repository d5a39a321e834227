import { builtinModules } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Takes Node's built-in modules by `process.getBuiltinModule` instead of by `import`.
 *
 * An ES module that imports `node:http` makes Node read every export of it, lazy ones too, and one of those loads the
 * whole of undici: about 40 ms of a cold start. Here each export is read by itself, and only where it is used. It also
 * lets CommonJS dependencies call `require('node:https')` inside an ES module, which esbuild's output otherwise answers
 * with `Dynamic require of "node:https" is not supported`.
 */
export const builtInModules: Plugin = {
  name: 'built-in-modules',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(node:.+|${builtinModules.join('|')})$`) }, ({ path, kind }) => ({
      path: path.replace(/^(?!node:)/, 'node:'),
      namespace: kind === 'import-statement' ? 'built-in' : 'required-built-in',
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'required-built-in' }, ({ path }) => ({
      contents: `module.exports = ${taken(path)};`,
      loader: 'js',
    }));
    build.onLoad({ filter: /.*/, namespace: 'built-in' }, ({ path }) => {
      const names = Object.getOwnPropertyNames(process.getBuiltinModule(path)).filter((name) => /^[\w$]+$/.test(name));
      const exported = names
        .filter((name) => name !== 'default')
        .map(
          (name, at) =>
            `const export_${at} = /* @__PURE__ */ (() => all.${name})(); export { export_${at} as ${name} };`,
        );
      return {
        contents: [`const all = /* @__PURE__ */ ${taken(path)};`, ...exported, 'export default all;'].join('\n'),
        loader: 'js',
      };
    });
  },
};

function taken(path: string): string {
  return `process.getBuiltinModule(${JSON.stringify(path)})`;
}
