import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { apiOf, type Served } from './in-process-api.ts';

/** All handlers, bundled as they are deployed, behind their routes, in this process: for what their time is measured. */
export async function openBundledApi(): Promise<ReturnType<typeof apiOf>> {
  const { endpoints } = await readRegistry();
  const outputFolder = mkdtempSync(join(tmpdir(), 'tenantry-bundled-'));
  try {
    const entryPoints = Object.fromEntries(endpoints.map(({ name, file }) => [name, file]));
    const bundles = await bundleFunctions({ entryPoints, outputFolder });
    const served = endpoints.map(async ({ name, endpoint }): Promise<Served> => {
      const { handler } = await import(pathToFileURL(join(bundles.get(name)?.folder ?? '', 'index.mjs')).href);
      return { endpoint, handler };
    });
    return apiOf(await Promise.all(served));
  } finally {
    rmSync(outputFolder, { recursive: true });
  }
}
