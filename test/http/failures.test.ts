import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { keyOf } from '../../shared/data/table.ts';
import { StaleReadError } from '../../shared/data/transaction.ts';
import { accounts } from '../../shared/dialects/accounts/envelope.ts';
import { auth } from '../../shared/dialects/auth/envelope.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { hierarchy } from '../../shared/dialects/hierarchy/envelope.ts';
import { organizationAdmin } from '../../shared/dialects/organization-admin/envelope.ts';
import { platform } from '../../shared/dialects/platform/envelope.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { defineEndpoint } from '../../shared/http/define-endpoint.ts';
import type { EndpointWork } from '../../shared/http/handler-context.ts';
import { respond } from '../../shared/http/respond.ts';
import { services } from '../../shared/runtime/services.ts';
import { faultyTableUnderTest } from '../support/api-under-test.ts';
import type { EngineCall, Fault } from '../support/faulty-engine.ts';
import { type ApiRequest, apiOf } from '../support/in-process-api.ts';
import { aCredential, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { sample } from '../support/sample-endpoints.ts';
import { storedItems } from '../support/stored-items.ts';

/** What the endpoint of the moment does. */
let work: EndpointWork<object>;

const paths: Readonly<Record<Dialect['name'], string>> = {
  'organization-admin': '/clients/v1/organization-admin/sample',
  platform: '/api/organizations/{organizationId}/sample',
  accounts: '/organizations/{organization_id}/sample',
  hierarchy: '/orgs/{org_id}/sample',
  auth: '/auth/sample',
};
const dialects: readonly Dialect[] = [organizationAdmin, platform, accounts, hierarchy, auth];
const call = apiOf(
  dialects.map((dialect) =>
    sample(
      defineEndpoint(dialect, {
        operation: `sample.${dialect.name}`,
        method: 'POST',
        path: paths[dialect.name],
        summary: 'Does what the test says',
        permission: dialect === auth ? 'signed-in' : 'organization:update',
        table: { actions: ['PutItem', 'UpdateItem', 'Query', 'BatchGetItem'] },
        request: {},
        responses: { 200: z.unknown() },
        errors: [],
      }),
      (context) => work(context),
    ),
  ),
);

const { table, engine } = await faultyTableUnderTest();
let owner: User;
let organization: Organization;
let key: Record<string, string>;
beforeEach(async () => {
  owner = await somebody({ firstName: 'Confidential' });
  organization = await anOrganization(owner, { name: 'Confidential too' });
  key = await aCredential(organization, owner);
  work = async () => respond(200, { done: true });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const send = (dialect: Dialect = hierarchy, headers = key, more: Partial<ApiRequest> = {}) =>
  call({
    method: 'POST',
    path: paths[dialect.name].replace(/\{\w+\}/, String(organization.id)),
    headers: headers as Record<string, string>,
    ...more,
  });

/** The pauses between attempts are random up to a limit: here they are none. */
function withoutPauses() {
  vi.spyOn(Math, 'random').mockReturnValue(0);
}

/** Refuses this operation so many times, then lets it pass. */
function failing(operation: string, fault: Fault, times = Number.POSITIVE_INFINITY) {
  let failed = 0;
  const has = (call: EngineCall) => call.operation === operation && ++failed <= times;
  engine.decide = (sent) => (has(sent) ? fault : undefined);
  return { count: () => Math.min(failed, times) };
}

const addToCounter: EndpointWork<object> = async ({ scope, work: { stores, changes } }) => {
  stores.organizations.change(changes, scope, { add: { bytesUsed: 1 } });
  return respond(200, { done: true });
};
const changeName: EndpointWork<object> = async ({ caller, work: { stores, changes } }) => {
  stores.users.change(changes, caller.user, { firstName: 'Other' });
  stores.users.requireUnchanged(changes, { ...caller.user, id: 7 });
  return respond(200, { done: true });
};
const readMany: EndpointWork<object> = async ({ work: { stores } }) => {
  const found = await stores.organizations.getMany([organization.id, 5, 6, 7, 8, 9]);
  return respond(200, { found: found.length });
};

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (_, dialect) => {
  test('an unexpected error is 500 with the request id and no detail', async () => {
    const logged = vi.spyOn(services().logger, 'measure');
    work = async () => {
      throw new TypeError('the detail', { cause: { password: 'sesame' } });
    };
    const answer = await send(dialect);
    expect(answer.status).toBe(500);
    expect(answer.body.code === 500 ? answer.body.error : answer.body.code).toBe('internal');
    expect(answer.body.request_id ?? answer.body.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.text).not.toMatch(/detail|sesame|TypeError|\.ts/);
    const [line] = logged.mock.calls[0] ?? [];
    expect(line).toMatchObject({ requestId: answer.headers['x-request-id'], status: 500, code: 'internal' });
    expect(JSON.stringify(line)).toContain('TypeError');
    expect(JSON.stringify(line)).not.toContain('sesame');
  });

  test('a throttle beyond all retries is 503 with Retry-After', async () => {
    withoutPauses();
    for (const type of ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded']) {
      failing('BatchGetItem', { status: 400, type });
      const answer = await send(dialect);
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
      expect(answer.body.code === 503 ? answer.body.error : answer.body.code).toBe('unavailable');
    }
  });
});

describe('a table that does not answer well is waited for, and then it is 503', () => {
  test.each<[string, Fault]>([
    ['InternalServerError', { status: 500, type: 'InternalServerError' }],
    ['ServiceUnavailable', { status: 503, type: 'ServiceUnavailable' }],
    ['an answer that is no DynamoDB’s', { status: 502, type: '' }],
    ['a cut connection', 'cut before'],
    ['a connection that is cut after the work', 'cut after'],
  ])('%s', async (_, fault) => {
    withoutPauses();
    const few = failing('BatchGetItem', fault, 2);
    expect((await send()).status).toBe(200);
    expect(few.count()).toBe(2);
    failing('BatchGetItem', fault);
    const answer = await send();
    expect(answer).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    expect(answer.headers['retry-after']).toBe('1');
  });

  test('a part of a read that is left over is read again, and not for ever', async () => {
    work = readMany;
    let reads = 0;
    engine.decide = ({ operation, input }) => {
      const keys = input.RequestItems?.[table.tableName]?.Keys;
      if (operation !== 'BatchGetItem' || keys?.length !== 6 || ++reads > 2) return undefined;
      return () => ({ Responses: {}, UnprocessedKeys: { [table.tableName]: { Keys: keys, ConsistentRead: true } } });
    };
    expect(await send()).toMatchObject({ status: 200, body: { found: 1 } });
    expect(reads).toBe(3);
    withoutPauses();
    engine.decide = ({ operation, input }) =>
      operation === 'BatchGetItem' ? () => ({ Responses: {}, UnprocessedKeys: input.RequestItems }) : undefined;
    expect((await send()).status).toBe(503);
  });

  test('a part of a write that is left over is written again, and not for ever', async () => {
    const items = [1, 2, 3].map((day) => ({
      ...keyOf('consumptionDay', { organization: organization.id, day }),
      kind: 'test',
    }));
    let writes = 0;
    const leaveAll =
      ({ input }: EngineCall) =>
      () => ({ UnprocessedItems: input.RequestItems });
    engine.decide = (sent) => (sent.operation === 'BatchWriteItem' && ++writes <= 2 ? leaveAll(sent) : undefined);
    await services().table.putAll(items);
    expect(writes).toBe(3);
    const stored = await services().table.get(items);
    expect(stored.map((item) => item?.kind)).toEqual(['test', 'test', 'test']);
    withoutPauses();
    engine.decide = (sent) => (sent.operation === 'BatchWriteItem' ? leaveAll(sent) : undefined);
    await expect(services().table.putAll(items)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a transaction that meets another waits its turn', async () => {
    work = addToCounter;
    const CancellationReasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }];
    let met = 0;
    engine.decide = ({ operation }) => {
      if (operation !== 'TransactWriteItems' || ++met > 2) return undefined;
      return { status: 400, type: 'TransactionCanceledException', more: { CancellationReasons } };
    };
    expect((await send()).status).toBe(200);
    expect(met).toBe(3);
  });

  test('a write that meets a transaction waits its turn', async () => {
    expect((await send()).status).toBe(200);
    const met = failing('PutItem', { status: 400, type: 'TransactionConflictException' }, 2);
    expect((await send()).status).toBe(200);
    expect(met.count()).toBe(2);
    organization = await anOrganization(owner);
    key = await aCredential(organization, owner);
    const news = failing('UpdateItem', { status: 400, type: 'TransactionConflictException' }, 2);
    expect((await send()).status).toBe(200);
    expect(news.count()).toBe(2);
    failing('PutItem', { status: 400, type: 'TransactionConflictException' });
    expect((await send()).status).toBe(503);
  });
});

describe('a request that comes to no end is answered 503 before the gateway gives up', () => {
  /** What takes four seconds at the end is the answer's: one is left for the work. */
  const short = { remainingMilliseconds: 5_000 };
  const conflict: Fault = {
    status: 400,
    type: 'TransactionCanceledException',
    more: { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] },
  };
  const moved: Fault = {
    status: 400,
    type: 'TransactionCanceledException',
    more: { CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { pk: { S: 'x' } } }, { Code: 'None' }] },
  };

  test('a state that never stops moving', async () => {
    let begun = 0;
    work = async () => {
      begun += 1;
      throw new StaleReadError('Moved.');
    };
    const answer = await send(hierarchy, key, short);
    expect(answer).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(begun).toBeGreaterThanOrEqual(3);
  });

  test.each(dialects.map((dialect) => [dialect.name, dialect] as const))(
    '%s: nobody lets go of an item',
    async (_, dialect) => {
      const tried = failing('TransactWriteItems', conflict);
      work = dialect === auth ? changeName : addToCounter;
      const answer = await send(dialect, dialect === auth ? await signedIn(owner) : key, short);
      expect(answer.status, answer.text).toBe(503);
      expect(answer.body.code === 503 ? answer.body.error : answer.body.code).toBe('unavailable');
      expect(answer.headers['retry-after']).toBe('1');
      expect(tried.count()).toBeGreaterThan(1);
    },
  );

  test('what was read moves every time, and others hold it in between', async () => {
    let tried = 0;
    engine.decide = ({ operation }) => {
      if (operation !== 'TransactWriteItems') return undefined;
      tried += 1;
      return tried % 2 === 0 ? moved : conflict;
    };
    work = async (context) => {
      const { stores, changes } = context.work;
      stores.organizations.requireAsRead(changes, context.scope.organization, ['parentId']);
      return addToCounter(context);
    };
    expect(await send(hierarchy, key, short)).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    expect(tried).toBeGreaterThan(3);
    // Nothing goes on behind the answer.
    engine.decide = () => undefined;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const isStored = ({ kind, id }: Record<string, unknown>) => kind === 'organization' && id === organization.id;
    expect((await storedItems()).find(isStored)).toMatchObject({ bytesUsed: 0 });
  });

  test('the table does not answer', async () => {
    work = addToCounter;
    const held = failing('TransactWriteItems', 'held');
    const answer = await send(hierarchy, key, short);
    expect(answer).toMatchObject({ status: 503, body: { error: 'unavailable' }, headers: { 'retry-after': '1' } });
    // The client itself would only now begin to try again.
    expect(held.count()).toBe(1);
  });

  test('the access log does not answer', async () => {
    const held = failing('PutItem', 'held');
    const answer = await send(hierarchy, key, { remainingMilliseconds: 3_000 });
    expect(answer).toMatchObject({ status: 503, body: { error: 'unavailable' }, headers: { 'retry-after': '1' } });
    expect(held.count()).toBe(1);
  });
});

describe('what is logged names no person and no secret', () => {
  test('a stored item that does not fit is 500, and its content stays where it is', async () => {
    const logged = vi.spyOn(services().logger, 'measure');
    const [item] = (await storedItems()).filter(({ kind, id }) => kind === 'organization' && id === organization.id);
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    const broken = { ...item, name: ['Confidential three'], contact: { secret: 'Confidential four' }, stray: 1 };
    await client.send(new PutCommand({ TableName: table.tableName, Item: broken }));
    const answer = await send();
    expect(answer).toMatchObject({ status: 500, body: { error: 'internal' } });
    expect(answer.text).not.toContain('Confidential');
    expect(logged).toHaveBeenCalledOnce();
    expect(JSON.stringify(logged.mock.calls)).not.toContain('Confidential');
  });

  test('a stored text that cannot be read is not quoted', async () => {
    const logged = vi.spyOn(services().logger, 'measure');
    work = async () => respond(200, JSON.parse('{"name":"Confidential five'));
    expect((await send()).status).toBe(500);
    expect(JSON.stringify(logged.mock.calls)).toContain('SyntaxError');
    expect(JSON.stringify(logged.mock.calls)).toContain('failures.test.ts');
    expect(JSON.stringify(logged.mock.calls)).not.toContain('Confidential');
    work = async () => respond(200, JSON.parse('Confidential six'));
    expect((await send()).status).toBe(500);
    expect(JSON.stringify(logged.mock.calls)).not.toContain('Confidential');
  });

  test('two writes to one thing are named by their kind', async () => {
    const logged = vi.spyOn(services().logger, 'measure');
    work = async ({ work: { stores, changes } }) => {
      stores.users.create(changes, owner);
      stores.users.create(changes, { ...owner, id: 7 });
      return respond(200);
    };
    expect((await send()).status).toBe(500);
    expect(JSON.stringify(logged.mock.calls)).toContain('Two writes');
    expect(JSON.stringify(logged.mock.calls)).not.toContain(owner.email);
  });

  test('nor does a request that went well', async () => {
    const logged = vi.spyOn(services().logger, 'measure');
    expect((await send(hierarchy, await signedIn(owner))).status).toBe(200);
    expect(logged).toHaveBeenCalledOnce();
    const line = JSON.stringify(logged.mock.calls);
    for (const personal of [owner.email, 'Confidential', '127.0.0.1', 'st_', 'Bearer']) {
      expect(line).not.toContain(personal);
    }
  });
});
