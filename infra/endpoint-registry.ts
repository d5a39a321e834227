import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Dialect } from '../shared/dialects/dialect.ts';
import type { Endpoint } from '../shared/http/define-endpoint.ts';
import type { Consumer, Job } from '../shared/http/define-job.ts';

/** A file that becomes a Lambda function. */
interface FunctionFile {
  /** In kebab-case and unique: the bundle's folder, the construct's id and the end of the deployed function's name. */
  readonly name: string;
  /** Relative to the registry's root, with forward slashes. */
  readonly file: string;
}

export interface RegisteredEndpoint extends FunctionFile {
  readonly endpoint: Endpoint;
}

export interface RegisteredJob extends FunctionFile {
  readonly job: Job;
}

export interface RegisteredConsumer extends FunctionFile {
  readonly consumer: Consumer;
}

/** Everything that runs, as the files of `functions/` say it of themselves; each list in order of name. */
export interface Registry {
  readonly endpoints: readonly RegisteredEndpoint[];
  readonly jobs: readonly RegisteredJob[];
  readonly consumers: readonly RegisteredConsumer[];
}

/** The path of the endpoint that answers what no other endpoint does. */
export const fallbackPath = '$default';

const projectFolder = join(import.meta.dirname, '..');

/**
 * Reads every function there is.
 *
 * @param folder Where `functions/` is.
 * @throws Error in one sentence when a file is no function or half of one, or when two want the same name or route.
 */
export async function readRegistry(folder: string = projectFolder): Promise<Registry> {
  const files = globSync('functions/**/*.ts', { cwd: folder })
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  const modules = await Promise.all(
    files.map(async (file) => ({ file, module: await import(pathToFileURL(join(folder, file)).href) })),
  );

  const endpoints: RegisteredEndpoint[] = [];
  const jobs: RegisteredJob[] = [];
  const consumers: RegisteredConsumer[] = [];
  for (const { file, module } of modules) {
    const kinds = ['endpoint', 'job', 'consumer'].filter((kind) => kind in module);
    if (kinds.length === 0 && !('handler' in module)) continue; // Something that functions share, such as wire shapes.
    if (kinds.length !== 1 || typeof module.handler !== 'function')
      throw new Error(`${file} has to export a handler and one of endpoint, job or consumer.`);

    if (module.endpoint) endpoints.push({ name: endpointName(module.endpoint), file, endpoint: module.endpoint });
    else if (module.job) jobs.push({ name: `job-${module.job.name}`, file, job: module.job });
    else consumers.push({ name: `stream-${module.consumer.name}`, file, consumer: module.consumer });
  }

  refuseDuplicates([...endpoints, ...jobs, ...consumers], ({ name }) => [name], 'the name');
  refuseDuplicates(endpoints, ({ endpoint }) => routeKeysOf(endpoint).map(withoutParameterNames), 'the route');
  refuseTwoNamesOfOneParameter(endpoints);
  return {
    endpoints: inOrderOfName(endpoints),
    jobs: inOrderOfName(jobs),
    consumers: inOrderOfName(consumers),
  };
}

/** Everything in the registry that is bundled and deployed. */
export function functionsOf({ endpoints, jobs, consumers }: Registry): readonly FunctionFile[] {
  return [...endpoints, ...jobs, ...consumers];
}

/** The endpoints by their dialect, in order of the dialect's name. */
export function endpointsByDialect({ endpoints }: Registry): ReadonlyMap<Dialect['name'], RegisteredEndpoint[]> {
  const byDialect = Map.groupBy(endpoints, ({ endpoint }) => endpoint.dialect.name);
  return new Map([...byDialect].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** An endpoint's own path and its aliases. */
export function pathsOf({ path, aliases = [] }: Endpoint): readonly string[] {
  return [path, ...aliases];
}

/** The routes of an endpoint as API Gateway names them: `POST /api/organizations`, or `$default`. */
export function routeKeysOf(endpoint: Endpoint): readonly string[] {
  return pathsOf(endpoint).map((path) => (path === fallbackPath ? fallbackPath : `${endpoint.method} ${path}`));
}

function endpointName({ dialect, operation }: Endpoint): string {
  return `${dialect.name}-${operation.replace(/[._]/g, '-')}`;
}

function withoutParameterNames(route: string): string {
  return route.replace(/\{[^}]*\}/g, '{}');
}

function inOrderOfName<File extends FunctionFile>(files: readonly File[]): readonly File[] {
  return files.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function refuseDuplicates<File extends FunctionFile>(
  files: readonly File[],
  keysOf: (file: File) => readonly string[],
  what: string,
): void {
  const owners = new Map<string, string>();
  for (const each of files) {
    for (const key of keysOf(each)) {
      const owner = owners.get(key);
      if (owner !== undefined) throw new Error(`${owner} and ${each.file} both have ${what} ${key}.`);
      owners.set(key, each.file);
    }
  }
}

/** The same place in a path cannot be called `{id}` by one method and `{org_id}` by another: OpenAPI forbids it. */
function refuseTwoNamesOfOneParameter(endpoints: readonly RegisteredEndpoint[]): void {
  const spellings = new Map<string, { path: string; file: string }>();
  for (const { endpoint, file } of endpoints) {
    for (const path of pathsOf(endpoint)) {
      const known = spellings.get(withoutParameterNames(path));
      if (known !== undefined && known.path !== path)
        throw new Error(`${known.file} and ${file} spell one path in two ways: ${known.path} and ${path}.`);
      spellings.set(withoutParameterNames(path), { path, file });
    }
  }
}
