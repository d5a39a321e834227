import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handler as purgeAvatars } from '../../functions/jobs/purge-avatars.ts';
import { handler as redriveMail } from '../../functions/jobs/redrive-mail.ts';
import * as followUps from '../../functions/streams/follow-ups.ts';
import * as mailer from '../../functions/streams/mailer.ts';
import { type ObjectStore, startObjectStore } from '../../infra/local/object-store.ts';
import { openQueues, type Queues } from '../../infra/local/queues.ts';
import { arnOf, localAccount } from '../../infra/local/resource-kinds.ts';
import { hashSecret } from '../../shared/domain/access/tokens.ts';
import type { Invitation } from '../../shared/domain/invitation/invitation.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { faultyApiUnderTest } from '../support/api-under-test.ts';
import { anInvitation } from '../support/invitations.ts';
import { type MailInbox, openMailInbox, tokenIn } from '../support/mail-inbox.ts';
import { type ObjectWire, openObjectWire } from '../support/object-wire.ts';
import { anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { storedItems } from '../support/stored-items.ts';
import { openTableStream, type TableStream } from '../support/table-stream.ts';
import { watched } from '../support/watched-mailer.ts';

/**
 * What consumes the stream, and what works with mails and objects, is killed after each call that it makes, to the
 * table, to the mails or to the objects; then it is done again. What is left is what an undisturbed run leaves, and
 * nothing beside it.
 */
const bucket = 'killed-avatars';
/** How the object store's files end that hold an object. */
const suffix = '._S3rver_object';
const deadLetters = 'killed-mailer-dead-letters';

let folder: string;
const { table, engine, call } = await faultyApiUnderTest({ withStream: true });
let inbox: MailInbox;
let store: ObjectStore;
let objects: ObjectWire;
let queues: Queues;
let owner: User;
let organization: Organization;
let headers: Record<string, string>;

beforeAll(async () => {
  inbox = await openMailInbox();
  folder = mkdtempSync(join(tmpdir(), 'tenantry-killed-'));
  store = await startObjectStore(folder);
  await store.serve({ buckets: [bucket], accessKeys: ['test'] });
  objects = await openObjectWire(store.endpoint);
  queues = await openQueues();
  queues.serve([{ name: deadLetters, arn: arnOf('sqs', deadLetters), visibilityTimeoutSeconds: 30 }]);
  Object.assign(process.env, {
    AVATAR_BUCKET: bucket,
    AVATARS_DOMAIN: 'https://avatars.example.com',
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    DEAD_LETTERS_URL: `${queues.endpoint}/${localAccount.id}/${deadLetters}`,
  });
});
beforeEach(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await signedIn(owner);
});
afterEach(works);
afterAll(async () => {
  await queues?.stop();
  await objects?.stop();
  await store?.stop();
  await inbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

function works(): void {
  engine.decide = () => undefined;
  inbox.isCut = () => false;
  objects.decide = () => true;
}

/** From now on so many calls are answered, by whomever; then the process is dead. */
function diesAfter(calls: number): () => boolean {
  let made = 0;
  const isDead = (): boolean => ++made > calls;
  engine.decide = () => (isDead() ? { status: 400, type: 'ValidationException' } : undefined);
  inbox.isCut = isDead;
  objects.decide = () => !isDead();
  return () => made > calls;
}

/** Does it again and again, each time killed a call later, until it comes to its end. Answers after how many calls. */
async function killedAfterEachCall(work: () => Promise<unknown>): Promise<number> {
  for (let calls = 0; ; calls += 1) {
    const wasKilled = diesAfter(calls);
    await Promise.allSettled([work()]);
    works();
    if (!wasKilled()) return calls;
  }
}

const kindsStored = async (kind: string) => (await storedItems()).filter((item) => item.kind === kind);

describe('a mail that is due', () => {
  let stream: TableStream;
  let invitation: Invitation;
  beforeEach(async () => {
    stream = await openTableStream(table);
    // A try before has minted a token: each run makes the same calls. The first try of all counts the mail as well.
    const due = { status: 'pending', mailDue: 1, tokenHash: hashSecret(Buffer.of()), sentAt: null } as const;
    ({ invitation } = await anInvitation(organization, `invited-${organization.id}@example.com`, ['VIEWER'], due));
  });

  test('is sent once a run of the mailer, until one comes to its end, and only its token works', async () => {
    const watchedMailer = watched(mailer, table, inbox, invitation);
    const { runs } = watchedMailer;
    const records = await stream.next(mailer);
    const calls = await killedAfterEachCall(() => watchedMailer.handler({ Records: records }));
    const beforeSending = runs.findIndex(({ sent }) => sent > 0);
    expect(beforeSending).toBeGreaterThan(1);
    expect(calls).toBeGreaterThan(beforeSending);
    expect(runs).toEqual(runs.map((_, at) => ({ wasDue: true, sent: at < beforeSending ? 0 : 1 })));
    await watchedMailer.handler({ Records: records });
    expect(runs.at(-1)).toEqual({ wasDue: false, sent: 0 });
    await expectOneToken(1 + calls - beforeSending);
  }, 120_000);

  test('and that a dead mailer has left is sent once, wherever the job was killed that asks for it again', async () => {
    await stream.next(mailer);
    expect(await killedAfterEachCall(() => redriveMail())).toBeGreaterThan(3);
    await stream.deliver(mailer);
    await expectOneToken(1);
  }, 120_000);

  async function expectOneToken(mailsSent: number): Promise<void> {
    const tokens = (await inbox.mailsTo(invitation.email)).map(tokenIn);
    const statuses = await Promise.all(
      tokens.map(async (token) => (await call({ method: 'GET', path: `/api/organizations/invite/${token}` })).status),
    );
    expect(statuses.toSorted()).toEqual([200, ...Array(mailsSent - 1).fill(410)]);
    expect(await kindsStored('dueMail')).toEqual([]);
    const path = `/api/organizations/${organization.id}/invitations`;
    expect((await call({ method: 'GET', path, headers })).body.data).toMatchObject([{ status: 'sent' }]);
  }
});

test('a change is copied into the trail of each organization above once, wherever the copying was killed', async () => {
  const child = await anOrganization(owner, { parent: organization });
  const stream = await openTableStream(table);
  const change = { method: 'PATCH', path: `/orgs/${child.id}`, headers, body: { name: 'Other' } };
  expect((await call(change)).status).toBe(200);
  const records = await stream.next(followUps);
  expect(records.length).toBeGreaterThan(0);
  expect(await killedAfterEachCall(() => followUps.handler({ Records: records }))).toBeGreaterThan(0);
  expect((await followUps.handler({ Records: records })).batchItemFailures).toEqual([]);
  const path = `/orgs/${organization.id}/children_audit?org_id=${child.id}&action=update`;
  const { body } = await call({ method: 'GET', path, headers });
  expect(body).toMatchObject([{ new_data: { name: 'Other' } }]);
}, 120_000);

describe('an avatar', () => {
  const image = () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(20)]);
  const upload = (bytes: Buffer) =>
    call({
      method: 'POST',
      path: `/api/organizations/${organization.id}/upload-avatar`,
      headers: { ...headers, 'content-type': 'multipart/form-data; boundary=form' },
      body: Buffer.concat([
        Buffer.from('--form\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'),
        bytes,
        Buffer.from('\r\n--form--\r\n'),
      ]),
    });
  const shown = async (): Promise<string> =>
    (await call({ method: 'GET', path: `/api/organizations/${organization.id}`, headers })).body.avatarUrl;
  const keyOf = (url: string) => url.replace('https://avatars.example.com/', '');
  /** What the store holds of the organization. */
  async function kept(): Promise<string[]> {
    const prefix = `avatars/${organization.id}`;
    const files = await readdir(join(folder, 'objects', bucket, prefix));
    return files.flatMap((file) => (file.endsWith(suffix) ? `${prefix}/${file.slice(0, -suffix.length)}` : []));
  }

  test('whose upload is killed after any call, and given up for another, is not there for ever', async () => {
    const calls = await killedAfterEachCall(() => upload(image()));
    expect(calls).toBeGreaterThan(3);
    const last = await upload(image());
    expect(last.status, last.text).toBe(200);
    expect(await shown()).toBe(last.body.data.avatarUrl);
    await purgeAvatars({ olderThanSeconds: 0 });
    expect(await kept()).toEqual([keyOf(last.body.data.avatarUrl)]);
    expect(await kindsStored('unusedAvatar')).toEqual([]);
  }, 120_000);

  test('that was replaced is gone once its purge comes to its end, wherever that was killed', async () => {
    for (let at = 0; at < 3; at += 1) expect((await upload(image())).status).toBe(200);
    expect((await kept()).length).toBe(3);
    expect(await killedAfterEachCall(() => purgeAvatars({ olderThanSeconds: 0 }))).toBeGreaterThan(3);
    expect(await kept()).toEqual([keyOf(await shown())]);
    expect(await kindsStored('unusedAvatar')).toEqual([]);
  }, 120_000);

  test('that is uploaded again while the purge is about to remove it is there', async () => {
    const bytes = image();
    await upload(bytes);
    await upload(image());
    let goOn = () => {};
    const held = new Promise<void>((reached) => {
      objects.decide = (method) => {
        if (method !== 'DELETE') return true;
        reached();
        return new Promise<boolean>((resolve) => {
          goOn = () => resolve(true);
        });
      };
    });
    const purge = purgeAvatars({ olderThanSeconds: 0 });
    await held;
    expect((await upload(bytes)).status).toBe(200);
    goOn();
    works();
    await purge;
    expect(await kept()).toContain(keyOf(await shown()));
  }, 60_000);
});
