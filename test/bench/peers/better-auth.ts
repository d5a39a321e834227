import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { forkProgram } from './forked.ts';
import type { Peer, PeerOptions } from './peer.ts';

/** What is compared with. better-sqlite3 is the SQLite that better-auth's documentation names first. */
export const versions = { 'better-auth': '1.7.25', 'better-sqlite3': '13.2.0' } as const;

interface Owner {
  readonly organizationId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Installs better-auth below the folder, fills its database and serves it. @throws when it cannot be installed */
export async function startBetterAuth({ folder, callers, sizes, onDisk }: PeerOptions): Promise<Peer> {
  const installed = join(folder, 'better-auth');
  mkdirSync(installed);
  writeFileSync(
    join(installed, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: versions }),
  );
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: installed });
  const program = join(installed, 'better-auth-server.mjs');
  copyFileSync(join(import.meta.dirname, 'better-auth-server.mjs'), program);
  const server = forkProgram(program, {
    args: [onDisk ? join(folder, 'better-auth.sqlite') : ':memory:', String(callers), ...sizes.map(String)],
    environment: { NODE_ENV: 'production' },
  });
  const { url, large, callers: owners } = await server.ask<{ url: string; large: Owner[]; callers: Owner[] }>();
  const at = (path: string) => `${url}/api/auth/organization/${path}`;
  return {
    requests: {
      list: (size) =>
        large.slice(size, size + 1).map(({ organizationId, headers }) => ({
          method: 'GET',
          url: at(`list-members?organizationId=${organizationId}&limit=25`),
          headers,
        })),
      read: owners.map(({ organizationId, headers }) => ({
        method: 'GET',
        url: at(`get-organization?organizationId=${organizationId}`),
        headers,
      })),
      create: owners.map(({ headers }) => ({
        method: 'POST',
        url: at('create'),
        headers,
        body: JSON.stringify({ name: 'Organization {n}', slug: 'organization-{n}' }),
      })),
      invite: owners.map(({ organizationId, headers }) => ({
        method: 'POST',
        url: at('invite-member'),
        headers,
        body: JSON.stringify({ organizationId, email: 'invited-{n}@example.com', role: 'member' }),
      })),
    },
    processes: { 'server and SQLite': server.processId },
    settle: async () => {},
    stop: async () => server.end(),
  };
}
