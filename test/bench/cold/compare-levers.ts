import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { builtInModules } from '../../../infra/bundling/built-in-modules.ts';
import { coldStartPlugins, functionBuildOptions } from '../../../infra/bundling/bundle-functions.ts';
import { dynamodbClient } from '../../../infra/bundling/dynamodb-client.ts';
import { editModules, type ModuleEdit } from '../../../infra/bundling/edit-modules.ts';
import { environmentConfiguration } from '../../../infra/bundling/environment-configuration.ts';
import { environmentCredentials } from '../../../infra/bundling/environment-credentials.ts';
import { unusedSdkParts } from '../../../infra/bundling/unused-sdk-parts.ts';
import { functionsOf } from '../../../infra/endpoint-registry.ts';
import { printGoals } from '../goals.ts';
import { bundleBareHandler, usualBuildOptions } from './bundle-bare-handler.ts';
import { type ColdStart, measureColdStarts } from './measure-cold-starts.ts';
import { type FiguresRow, printFigures } from './print-figures.ts';
import { firstEvent, type Setting } from './setting.ts';

interface Variant {
  readonly name: string;
  readonly options: BuildOptions;
  readonly environment?: Readonly<Record<string, string>>;
}

const usualName = 'bundled the usual way';
const shippedName = '+ without what documents read = shipped';
/** What is aimed at: the time of what is shipped beside what is bundled the usual way. */
const usualRatioGoal = 0.4;

const withEdits = (...edits: (readonly ModuleEdit[])[]): BuildOptions => ({
  ...functionBuildOptions,
  plugins: [builtInModules, editModules(edits.flat())],
});
const shipped: BuildOptions = { ...functionBuildOptions, plugins: [...coldStartPlugins] };

/**
 * Bundles one function with one lever of the bundling after the other, and then the shipped bundle with what was tried
 * beside them; measures all of them in turns and prints what came out. Nothing of it can be over budget.
 */
export async function compareLevers(setting: Setting, functionName: string): Promise<readonly string[]> {
  const { registry, folder, runs, environment } = setting;
  const entry = functionsOf(registry).find(({ name }) => name === functionName);
  if (!entry) throw new Error(`There is no function "${functionName}".`);
  const compileCache = join(folder, 'compile-cache');
  const variants: readonly Variant[] = [
    { name: usualName, options: usualBuildOptions },
    { name: '+ ES modules of the dependencies', options: { ...usualBuildOptions, mainFields: ['module', 'main'] } },
    { name: '+ built-ins without the ES module wrapper', options: withEdits() },
    { name: '+ credentials from the environment only', options: withEdits(environmentCredentials) },
    {
      name: '+ configuration from the environment only',
      options: withEdits(environmentCredentials, environmentConfiguration),
    },
    {
      name: '+ without unused parts of the SDK',
      options: withEdits(environmentCredentials, environmentConfiguration, unusedSdkParts),
    },
    {
      name: "+ DynamoDB's client of the SDK's own parts",
      options: withEdits(environmentCredentials, environmentConfiguration, unusedSdkParts, dynamodbClient),
    },
    { name: shippedName, options: shipped },
    { name: 'shipped, not minified', options: { ...shipped, minify: false } },
    { name: 'shipped, as CommonJS', options: { ...shipped, format: 'cjs', outExtension: { '.js': '.cjs' } } },
    {
      name: 'shipped, with source map in use',
      options: { ...shipped, sourcemap: 'linked' },
      environment: { NODE_OPTIONS: '--enable-source-maps' },
    },
    {
      name: 'shipped, with the compile cache of this very Node',
      options: shipped,
      environment: { NODE_COMPILE_CACHE: compileCache },
    },
  ];

  const bareBundle = await bundleBareHandler(folder);
  const bare: ColdStart = {
    name: 'bare handler, bundled the usual way',
    file: bareBundle.file,
    event: async () => ({}),
  };
  const sizes = new Map([[bare.name, bareBundle.bytes]]);
  const coldStarts = [bare];
  for (const [at, variant] of variants.entries()) {
    const variantFolder = join(folder, `variant-${at}`);
    mkdirSync(variantFolder, { recursive: true });
    const ending = variant.options.format === 'cjs' ? 'cjs' : 'mjs';
    const file = join(variantFolder, `index.${ending}`);
    await build({
      ...variant.options,
      entryPoints: [{ in: entry.file, out: 'index' }],
      outdir: variantFolder,
      outExtension: { '.js': `.${ending}` },
    });
    sizes.set(variant.name, statSync(file).size);
    const event = () => firstEvent(setting, functionName);
    coldStarts.push({ name: variant.name, file, event, environment: variant.environment ?? {} });
  }

  const figures = await measureColdStarts(coldStarts, { runs, environment });
  const bareMilliseconds = figures.get(bare.name)?.totalMilliseconds ?? Number.NaN;
  const rows = [...figures].map(
    ([name, measured]): FiguresRow => ({
      name,
      bytes: sizes.get(name) ?? Number.NaN,
      ratio: measured.totalMilliseconds / bareMilliseconds,
      faults: [],
      ...measured,
    }),
  );
  console.log(`${functionName}: medians of ${runs} cold starts, in milliseconds, each variant in turn.\n`);
  printFigures(rows);
  const totalOf = (name: string) => figures.get(name)?.totalMilliseconds ?? Number.NaN;
  const ratio = totalOf(shippedName) / totalOf(usualName);
  printGoals([
    {
      what: `${functionName} beside the same, bundled the usual way`,
      figure: `${ratio.toFixed(2)} times`,
      goal: `at most ${usualRatioGoal}`,
      isMet: ratio <= usualRatioGoal,
    },
  ]);
  return [];
}
