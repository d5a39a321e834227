import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { builtInModules } from './built-in-modules.ts';
import { environmentCredentials } from './environment-credentials.ts';

export interface BundleOptions {
  /** The file of each function by the function's name. The name becomes a folder, so it has to be a plain file name. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Emptied first, then filled with one folder for each function. */
  readonly outputFolder: string;
}

export interface FunctionBundle {
  readonly name: string;
  /** What is uploaded: holds `index.mjs` and nothing that the function does not need. Absolute. */
  readonly folder: string;
  /** Size of `index.mjs`. */
  readonly bytes: number;
  /** How many of these bytes came from which source file; paths relative to the working directory. */
  readonly bytesBySource: Readonly<Record<string, number>>;
}

/**
 * Bundles all functions in one pass: each becomes `<outputFolder>/<name>/index.mjs`, minified, complete in itself,
 * and the same bytes for the same sources, so that an unchanged function is not deployed again.
 *
 * @throws BuildFailure of esbuild when a source does not compile or an import cannot be found.
 */
export async function bundleFunctions({
  entryPoints,
  outputFolder,
}: BundleOptions): Promise<ReadonlyMap<string, FunctionBundle>> {
  const names = Object.keys(entryPoints).sort();
  const bad = names.find((name) => !/^[\w.-]+$/.test(name));
  if (bad !== undefined) throw new Error(`A function's name becomes a folder, so it cannot be ${JSON.stringify(bad)}.`);

  const folder = resolve(outputFolder);
  const { outputFiles, metafile } = await build({
    entryPoints: names.map((name) => ({ in: resolve(entryPoints[name] ?? ''), out: join(name, 'index') })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    plugins: [builtInModules, environmentCredentials],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });

  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [resolve(path), output]));
  await rm(folder, { recursive: true, force: true });
  const bundles = await Promise.all(
    outputFiles.map(async ({ path, contents }): Promise<FunctionBundle> => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, contents);
      const inputs = Object.entries(outputs.get(path)?.inputs ?? {});
      return {
        name: dirname(path).slice(folder.length + 1),
        folder: dirname(path),
        bytes: contents.byteLength,
        bytesBySource: Object.fromEntries(inputs.map(([source, { bytesInOutput }]) => [source, bytesInOutput])),
      };
    }),
  );
  return new Map(bundles.map((bundle) => [bundle.name, bundle]));
}
