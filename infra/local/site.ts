import { readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { SiteDefinition } from './application.ts';
import type { GatewayResponse } from './gateway-event.ts';

/** Pages and what belongs to them, as CloudFront would serve them. */
export interface Site {
  /** The file of a path, or nothing where there is no such file. */
  file(path: string): GatewayResponse | undefined;
  /** The answer where there is no such file. */
  missing(): GatewayResponse;
}

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
export function prepareSite({ folder, written, findFileSource, headers, errorPage }: SiteDefinition): Site {
  const findFile = runInNewContext(`${findFileSource}\nhandler;`) as (event: object) => { readonly uri: string };

  function read(name: string): GatewayResponse | undefined {
    const text = written[name];
    const body = text === undefined ? readFile(name) : Buffer.from(text);
    if (body === undefined) return undefined;
    const contentType = contentTypes[extname(name)] ?? 'application/octet-stream';
    return { status: 200, headers: { ...headers, 'content-type': contentType, 'cache-control': 'no-cache' }, body };
  }

  function readFile(name: string): Buffer | undefined {
    const file = join(folder, name);
    if (!file.startsWith(folder + sep)) return undefined;
    try {
      return readFileSync(file);
    } catch {
      return undefined;
    }
  }

  return {
    file(path) {
      const { uri } = findFile({ request: { uri: path, method: 'GET', headers: {} } });
      return read(decodeURIComponent(uri).slice(1));
    },
    missing() {
      const page = read(errorPage.slice(1));
      return page ? { ...page, status: 404 } : { status: 403, headers, body: Buffer.alloc(0) };
    },
  };
}
