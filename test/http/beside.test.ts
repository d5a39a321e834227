import { beforeEach, expect, test } from 'vitest';
import { auth } from '../../shared/dialects/auth/envelope.ts';
import { DomainError } from '../../shared/domain/errors.ts';
import type { User } from '../../shared/domain/user/user.ts';
import type { Work } from '../../shared/domain/work.ts';
import { defineEndpoint } from '../../shared/http/define-endpoint.ts';
import { respond } from '../../shared/http/respond.ts';
import { services } from '../support/all-services.ts';
import { tableUnderTest } from '../support/api-under-test.ts';
import { apiOf } from '../support/in-process-api.ts';
import { signedIn, somebody } from '../support/people-and-organizations.ts';
import { sample } from '../support/sample-endpoints.ts';

/** What the endpoint does, told by each test. */
let doWork: (work: Work, user: User) => void;

const endpoint = sample(
  defineEndpoint(auth, {
    operation: 'sample.beside',
    method: 'POST',
    path: '/auth/beside',
    summary: 'Has something go on beside its commit',
    permission: 'session',
    table: { actions: ['UpdateItem', 'ConditionCheckItem'] },
    request: {},
    responses: { 204: null },
    errors: [],
  }),
  async ({ work, caller }) => {
    doWork(work, caller.user);
    return respond(204);
  },
);

await tableUnderTest();
let user: User;
let headers: Record<string, string>;
beforeEach(async () => {
  user = await somebody();
  headers = await signedIn(user);
});

const ask = () => apiOf([endpoint])({ method: 'POST', path: '/auth/beside', headers });
const stored = async () => (await services().stores.users.get(user.id))?.firstName;
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

test('the commit does not wait for what goes on beside it, and the answer does', async () => {
  const seen: (string | undefined)[] = [];
  doWork = (work, caller) => {
    work.stores.users.change(work.changes, caller, { firstName: 'Committed' });
    work.beside(
      (async () => {
        while ((await stored()) !== 'Committed') await pause();
        await pause();
        seen.push(await stored());
      })(),
    );
  };
  expect((await ask()).status).toBe(204);
  expect(seen).toEqual(['Committed']);
});

test('what fails beside the commit fails the request, however early', async () => {
  doWork = (work, caller) => {
    work.stores.users.change(work.changes, caller, { firstName: 'Committed' });
    work.beside(Promise.reject(new DomainError('unavailable', { retryAfterSeconds: 1 })));
  };
  const answer = await ask();
  expect(answer.status).toBe(503);
  expect(answer.body.code).toBe('unavailable');
});

test('what goes on beside one beginning is over before the next', async () => {
  const told: string[] = [];
  doWork = (work, caller) => {
    const beginning = told.length === 0 ? 'first' : 'second';
    told.push(`${beginning} begins`);
    const version = beginning === 'first' ? caller.version - 1 : caller.version;
    work.stores.users.requireUnchanged(work.changes, { ...caller, version });
    work.beside(
      (async () => {
        for (let pauses = 0; pauses < 10; pauses += 1) await pause();
        told.push(`${beginning} is over`);
      })(),
    );
  };
  expect((await ask()).status).toBe(204);
  expect(told).toEqual(['first begins', 'first is over', 'second begins', 'second is over']);
});
