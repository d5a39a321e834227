import { hash } from 'node:crypto';

/** A successful answer before it is written out. */
export interface Reply {
  readonly status: number;
  /** JSON, or undefined for an empty body. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the thing that is answered; makes the strong ETag. */
  readonly version?: number;
  /** What was made, for answers that carry a secret and so are never kept. */
  readonly madeId?: string;
}

/** An answer with a JSON body; `undefined` leaves it empty. */
export function respond(status: number, body?: unknown, more: Partial<Omit<Reply, 'status' | 'body'>> = {}): Reply {
  return { status, body, headers: {}, ...more };
}

/**
 * The strong ETag of a representation: the version of the thing, which `If-Match` is held against, and a digest of the
 * bytes, which tell dialects and callers apart.
 */
export function entityTag(version: number, body: string): string {
  return `"${version}-${hash('sha256', body).slice(0, 16)}"`;
}

/** The versions that an `If-Match` header accepts; `any` for `*`. Weak and foreign tags accept nothing. */
export function acceptedVersions(ifMatch: string): ReadonlySet<number> | 'any' {
  if (ifMatch.trim() === '*') return 'any';
  const versions = new Set<number>();
  for (const tag of ifMatch.split(',')) {
    const [, version] = /^\s*"(\d+)-[0-9a-f]{16}"\s*$/.exec(tag) ?? [];
    if (version !== undefined) versions.add(Number(version));
  }
  return versions;
}
