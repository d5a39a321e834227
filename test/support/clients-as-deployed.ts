import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { coldStartPlugins, functionBuildOptions } from '../../infra/bundling/bundle-functions.ts';

const packages = ['client-dynamodb', 'lib-dynamodb'] as const;

/**
 * Builds DynamoDB's client as it is in the bundles, for tests whose process runs the sources: what is tested is what is
 * deployed, in a quarter of the processor time that a call of the whole SDK takes.
 *
 * @returns the file to import in place of each package
 */
export async function buildClientsAsDeployed(): Promise<Record<string, string>> {
  const folder = join(import.meta.dirname, '../../node_modules/.cache/clients-as-deployed');
  const { outputFiles } = await build({
    ...functionBuildOptions,
    entryPoints: Object.fromEntries(packages.map((name) => [name, `@aws-sdk/${name}`])),
    // Both know the same classes.
    splitting: true,
    chunkNames: 'chunk-[hash]',
    minify: false,
    // By which calls are recorded.
    keepNames: true,
    outdir: folder,
    write: false,
    plugins: [...coldStartPlugins],
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    // Another run of the tests may be reading it.
    const written = `${path}.${process.pid}`;
    writeFileSync(written, contents);
    renameSync(written, path);
  }
  return Object.fromEntries(packages.map((name) => [`@aws-sdk/${name}`, join(folder, `${name}.mjs`)]));
}
