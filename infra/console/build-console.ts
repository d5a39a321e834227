import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const projectFolder = join(import.meta.dirname, '../..');
const consoleFolder = join(projectFolder, 'console');

/** Below this folder of the site every file has a hash of its content in its name, so that it can be kept for ever. */
export const hashedFolder = 'assets';

/**
 * Builds the console: the files of a static site, the same bytes for the same sources.
 * @throws BuildFailure of esbuild, naming file and line, when a source does not compile.
 */
export async function buildConsole(siteFolder: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: { main: join(consoleFolder, 'main.tsx') },
    outdir: siteFolder,
    absWorkingDir: projectFolder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryNames: `${hashedFolder}/[name]-[hash]`,
    chunkNames: `${hashedFolder}/[name]-[hash]`,
    assetNames: `${hashedFolder}/[name]-[hash]`,
    metafile: true,
    logLevel: 'silent',
  });
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'console/main.tsx');
  const pathOf = (output = '') => output.slice(output.indexOf(`${hashedFolder}/`));
  const page = readFileSync(join(consoleFolder, 'index.html'), 'utf8')
    .replace('{script}', pathOf(entry?.[0]))
    .replace('{styles}', pathOf(entry?.[1].cssBundle));
  mkdirSync(siteFolder, { recursive: true });
  writeFileSync(join(siteFolder, 'index.html'), page);
  cpSync(join(consoleFolder, 'public'), siteFolder, { recursive: true });
}
