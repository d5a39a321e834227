import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { builtInModules } from './built-in-modules.ts';
import { describedTable } from './described-table.ts';
import { dynamodbClient } from './dynamodb-client.ts';
import { editModules } from './edit-modules.ts';
import { environmentConfiguration } from './environment-configuration.ts';
import { environmentCredentials } from './environment-credentials.ts';
import { pureDeclarations } from './pure-declarations.ts';
import { serviceEndpoints } from './service-endpoints.ts';
import { signingKeys } from './signing-keys.ts';
import { unusedSchemas } from './unused-schemas.ts';
import { unusedSdkParts } from './unused-sdk-parts.ts';

// All functions are linked at once, and what that takes stays in use until the end: looking for garbage meanwhile, as
// esbuild does unless it is told not to, was a quarter of its work and freed a tenth of its memory.
process.env.GOGC ??= 'off';
// A process that bundles again and again does not grow for ever.
process.env.GOMEMLIMIT ??= '2GiB';

/** What makes a bundle start faster; docs/adr/0004-cold-start.md has what each gives. */
export const coldStartPlugins: readonly Plugin[] = [
  builtInModules,
  describedTable,
  unusedSchemas,
  editModules([
    ...environmentCredentials,
    ...environmentConfiguration,
    ...serviceEndpoints,
    ...signingKeys,
    ...unusedSdkParts,
    ...pureDeclarations,
    ...dynamodbClient,
  ]),
];

/** How every function is built; the entry points and where to write are added. */
export const functionBuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // ES modules of the dependencies where they have them: only those can be cut down to what is used.
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  // Not shipped: Node would read the map at every start. The same sources give the same bytes, so the map of a
  // deployed bundle can be made from its commit whenever a stack trace asks for it.
  sourcemap: false,
  logLevel: 'silent',
} as const satisfies BuildOptions;

export interface FunctionBundle {
  readonly name: string;
  /** What is uploaded: holds `index.mjs` and nothing else. Absolute. */
  readonly folder: string;
  /** Size of `index.mjs`. */
  readonly bytes: number;
  /** How many of these bytes came from which source; paths are relative to the working directory. */
  readonly bytesBySource: Readonly<Record<string, number>>;
}

/**
 * Bundles all functions in one pass: each becomes `<outputFolder>/<name>/index.mjs`, minified, complete in itself,
 * and the same bytes for the same sources, so that an unchanged function is not deployed again. The output folder is
 * emptied first.
 *
 * @param options.entryPoints the source file of each function by the function's name. The name becomes a folder.
 * @throws BuildFailure of esbuild, naming file and line, when a source does not compile or an import is not found.
 */
export async function bundleFunctions(options: {
  readonly entryPoints: Readonly<Record<string, string>>;
  readonly outputFolder: string;
}): Promise<ReadonlyMap<string, FunctionBundle>> {
  const folder = resolve(options.outputFolder);
  const entryPoints = Object.entries(options.entryPoints).map(([name, file]) => {
    if (!/^[\w-]+$/.test(name)) throw new Error(`A function's name becomes a folder and cannot be "${name}".`);
    return { in: resolve(file), out: join(name, 'index') };
  });
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...functionBuildOptions,
    entryPoints,
    outdir: folder,
    plugins: [...coldStartPlugins],
    metafile: true,
  });
  const bundles = Object.entries(metafile.outputs).map(([path, { bytes, inputs }]): FunctionBundle => {
    const folderOfBundle = dirname(resolve(path));
    return {
      name: basename(folderOfBundle),
      folder: folderOfBundle,
      bytes,
      bytesBySource: Object.fromEntries(
        Object.entries(inputs).map(([source, { bytesInOutput }]) => [source, bytesInOutput]),
      ),
    };
  });
  return new Map(bundles.map((bundle) => [bundle.name, bundle]));
}
