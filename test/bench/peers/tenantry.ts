import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDynamoDBEngine } from '../../../infra/local/dynamodb-engine.ts';
import { callDynamoDB } from '../../../infra/local/dynamodb-wire.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { addMembersInBulk } from '../../support/bulk-members.ts';
import { anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { startStack } from '../../support/start-stack.ts';
import { pointAt } from '../../support/table-under-test.ts';
import { forkProgram } from './forked.ts';
import type { Peer, PeerOptions, PeerRequests } from './peer.ts';

interface Owner {
  readonly organizationId: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The local stack as `npm start` starts it, and the handlers alone, on one engine with the same data. */
export async function startTenantry(options: PeerOptions): Promise<{ stack: Peer; handlers: Peer }> {
  const { folder, callers, sizes, onDisk } = options;
  const engine = await startDynamoDBEngine({ dataFolder: onDisk ? join(folder, 'engine') : undefined });
  const stackFolder = join(folder, 'stack');
  mkdirSync(stackFolder);
  const begin = () => startStack(stackFolder, { DYNAMODB_ENDPOINT: engine.url });
  // Once to make the table. While it is filled, nobody follows what is written.
  const first = await begin();
  const { tableName } = readRunFile(first.runFile);
  await first.end();
  await callDynamoDB(engine.url, 'table', 'UpdateTable', {
    TableName: tableName,
    StreamSpecification: { StreamEnabled: false },
  });
  pointAt(engine.url, tableName);
  const large: Owner[] = [];
  for (const size of sizes) large.push(await addOwner(size));
  const owners: Owner[] = [];
  for (let at = 0; at < callers; at += 1) owners.push(await addOwner(1));
  const stack = await begin();
  const { url, processId } = readRunFile(stack.runFile);
  const handlers = forkProgram(join(import.meta.dirname, 'handlers-server.ts'));
  const { url: handlersUrl } = await handlers.ask<{ url: string }>();
  const settle = () => untilQuiet(stack.logFile);
  return {
    stack: {
      requests: requestsTo(url, large, owners),
      processes: { 'gateway and functions': processId, engine: engine.processId },
      settle,
      async stop() {
        await stack.end();
        await engine.stop();
      },
    },
    handlers: {
      requests: requestsTo(handlersUrl, large, owners),
      processes: { handlers: handlers.processId, engine: engine.processId },
      settle,
      stop: async () => handlers.end(),
    },
  };
}

async function addOwner(members: number): Promise<Owner> {
  const owner = await somebody();
  const organization = await anOrganization(owner);
  // The people themselves, whom no list reads, would take most of the time.
  if (members > 1) await addMembersInBulk(organization, members - 1, { withPeople: false });
  return { organizationId: organization.id, headers: await signedIn(owner) };
}

function requestsTo(url: string, large: readonly Owner[], owners: readonly Owner[]): PeerRequests {
  const idempotencyKey = { 'idempotency-key': 'peers-{n}' };
  const uuid = (owner: Owner) => toUuid('organization', owner.organizationId);
  return {
    list: (size) =>
      large.slice(size, size + 1).map(({ organizationId, headers }) => ({
        method: 'GET',
        url: `${url}/organizations/${organizationId}/users?page_size=25`,
        headers,
      })),
    read: owners.map((owner) => ({
      method: 'GET',
      url: `${url}/api/organizations/${uuid(owner)}`,
      headers: owner.headers,
    })),
    create: owners.map(({ headers }) => ({
      method: 'POST',
      url: `${url}/api/organizations`,
      headers: { ...headers, ...idempotencyKey },
      body: JSON.stringify({ name: 'Organization {n}', countryCode: 'GB' }),
    })),
    invite: owners.map((owner) => ({
      method: 'POST',
      url: `${url}/api/organizations/${uuid(owner)}/invite`,
      headers: { ...owner.headers, ...idempotencyKey },
      body: JSON.stringify({ email: 'invited-{n}@example.com' }),
    })),
  };
}

/** Mails and the like follow the answers; each writes a line into the log of the functions. */
async function untilQuiet(logFile: string): Promise<void> {
  const size = () => statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  for (let before = -1; before !== size(); ) {
    before = size();
    await sleep(1_000);
  }
}
