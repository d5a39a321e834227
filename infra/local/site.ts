import { readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { SiteDefinition } from './application.ts';
import type { GatewayResponse } from './gateway-event.ts';

/** Pages and what belongs to them, as CloudFront would serve them. */
export interface Site {
  /** The file of a path, or nothing where there is no such file. */
  file(path: string): Promise<GatewayResponse | undefined>;
  /** The answer where there is no such file. */
  missing(): Promise<GatewayResponse>;
}

/** A file as its origin has it, with the headers of its own. */
export interface SiteFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reads a file of a site by its name, as `docs/index.html`; nothing where there is none. */
export type ReadFile = (name: string) => Promise<SiteFile | undefined>;

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** Serves the files of a site by its own CloudFront function and headers, without a cache. */
export function prepareSite({ findFileSource, headers, errorPage }: SiteDefinition, readFile: ReadFile): Site {
  const findFile = runInNewContext(`${findFileSource}\nhandler;`) as (event: object) => { readonly uri: string };

  async function read(name: string): Promise<GatewayResponse | undefined> {
    const file = await readFile(name);
    return file && { status: 200, headers: { ...file.headers, ...headers }, body: file.body };
  }

  return {
    file(path) {
      const { uri } = findFile({ request: { uri: path, method: 'GET', headers: {} } });
      return read(decodeURIComponent(uri).slice(1));
    },
    async missing() {
      const page = await read(errorPage.slice(1));
      return page ? { ...page, status: 404 } : { status: 403, headers, body: Buffer.alloc(0) };
    },
  };
}

/** Reads the files of a site where its deployment would find them. */
export function filesBeforeDeployment({ folder, written }: SiteDefinition): ReadFile {
  return async (name) => {
    const text = written[name];
    const body = text === undefined ? readBelow(folder, name) : Buffer.from(text);
    if (body === undefined) return undefined;
    const contentType = contentTypes[extname(name)] ?? 'application/octet-stream';
    return { headers: { 'content-type': contentType, 'cache-control': 'no-cache' }, body };
  };
}

function readBelow(folder: string, name: string): Buffer | undefined {
  const file = join(folder, name);
  if (!file.startsWith(folder + sep)) return undefined;
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
