import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../infra/local/local-stack.ts';

const sampleFolder = fileURLToPath(new URL('./sample', import.meta.url));
const buildFolder = fileURLToPath(new URL('../../.build', import.meta.url));

/**
 * The sample app, synthesized: once for as long as its sources stay as they are.
 * @param settings environment variables of the app
 */
export function sampleAssembly(settings: Readonly<Record<string, string>> = {}): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const file of readdirSync(sampleFolder).sort()) hash.update(readFileSync(join(sampleFolder, file)));
  hash.update(readFileSync(fileURLToPath(new URL('../../package-lock.json', import.meta.url))));
  const folder = join(buildFolder, `sample-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  execFileSync(process.execPath, [join(sampleFolder, 'app.ts')], {
    // What the templates of a sample are worth is of no interest, and takes most of the time.
    env: { ...process.env, ...settings, CDK_OUTDIR: draft, CDK_VALIDATION: 'false' },
  });
  try {
    renameSync(draft, folder);
  } catch {
    // Another test was faster.
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/** A folder of a test's own. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tenantry-local-'));
}

/** A stack that serves the sample app, on data of its own. */
export function startSample(options: LocalStackOptions = {}): Promise<LocalStack> {
  return startLocalStack({
    assemblyFolder: sampleAssembly(),
    runFile: join(temporaryFolder(), 'run.json'),
    ...options,
  });
}
