import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/** How a Lambda function is bundled by people who do nothing about it: esbuild's defaults for Node.js, minified. */
export const usualBuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  // Without it, the SDK ends with `Dynamic require of "node:https" is not supported`.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** Bundles the bare handler the usual way. */
export async function bundleBareHandler(folder: string): Promise<{ readonly file: string; readonly bytes: number }> {
  const file = join(folder, 'bare.mjs');
  await build({ ...usualBuildOptions, entryPoints: [join(import.meta.dirname, 'bare-handler.ts')], outfile: file });
  return { file, bytes: statSync(file).size };
}
