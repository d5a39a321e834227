import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from './bundling/bundle-functions.ts';
import { buildConsole } from './console/build-console.ts';
import { consoleFilesFunction, siteFolderName } from './console/console-functions.ts';
import { functionsOf, readRegistry } from './endpoint-registry.ts';
import { openApiDocument } from './openapi/openapi-document.ts';
import { writeReference } from './reference/write-reference.ts';
import { stageSettings } from './stage-settings.ts';

const registry = await readRegistry();
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
const document = openApiDocument(registry, version);

// A folder of its own, so that syntheses that run at the same time do not get in each other's way.
const workFolder = mkdtempSync(join(tmpdir(), 'tenantry-bundles-'));
process.once('exit', () => rmSync(workFolder, { recursive: true, force: true }));
const siteFolder = join(workFolder, siteFolderName);
// Bundling is most of the work, and esbuild does it in a process of its own: the rest is loaded and written meanwhile.
const [bundles, { app, settings, addTenantry, Validations }] = await Promise.all([
  bundleFunctions({
    entryPoints: {
      ...Object.fromEntries(functionsOf(registry).map(({ name, file }) => [name, file])),
      [consoleFilesFunction]: 'infra/console/put-files.ts',
    },
    outputFolder: join(workFolder, 'functions'),
  }),
  openApp(),
  writeSite(),
]);

// The function that answers with the OpenAPI document carries it beside its bundle.
for (const { name } of registry.endpoints.filter(({ endpoint }) => endpoint.path === '/openapi.json'))
  writeFileSync(join(codeFolderOf(name), 'openapi.json'), JSON.stringify(document));
// The function that puts the console's files carries them.
renameSync(siteFolder, join(codeFolderOf(consoleFilesFunction), siteFolderName));

const account = app.node.tryGetContext('account');
const region = app.node.tryGetContext('region');
addTenantry(app, {
  settings,
  registry,
  codeFolderOf,
  ...(typeof account === 'string' && typeof region === 'string' && { env: { account, region } }),
});
// The local stack asks for no validation: it would cost a third of its start, and `npm run check` does it.
if (process.env.CDK_VALIDATION !== 'false') {
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
app.synth();

/** An app without stacks yet, and what they are made with. */
async function openApp() {
  const { App, Validations } = await import('aws-cdk-lib');
  const app = new App();
  const told = (key: string): unknown => app.node.tryGetContext(key);
  const settings = stageSettings(told('stage') ?? 'dev', told);
  const { addTenantry } = await import('./tenantry.ts');
  return { app, settings, addTenantry, Validations };
}

/** The console, and the reference below `/docs`. */
async function writeSite(): Promise<void> {
  await buildConsole(siteFolder);
  writeReference(join(siteFolder, 'docs'), registry, document);
}

function codeFolderOf(functionName: string): string {
  const bundle = bundles.get(functionName);
  if (bundle === undefined) throw new Error(`There is no bundle of the function ${functionName}.`);
  return bundle.folder;
}
