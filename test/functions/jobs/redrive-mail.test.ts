import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handler as redrive } from '../../../functions/jobs/redrive-mail.ts';
import * as mailer from '../../../functions/streams/mailer.ts';
import { openQueues, type Queues } from '../../../infra/local/queues.ts';
import { arnOf, localAccount } from '../../../infra/local/resource-kinds.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import type { Invitation } from '../../../shared/domain/invitation/invitation.ts';
import { linkLifeMilliseconds } from '../../../shared/domain/link/link.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { services } from '../../support/all-services.ts';
import { anInvitation } from '../../support/invitations.ts';
import { type MailInbox, openMailInbox, tokenIn } from '../../support/mail-inbox.ts';
import { anOrganization, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';
import { openTableStream, type TableStream } from '../../support/table-stream.ts';
import { startTable, type TableUnderTest } from '../../support/table-under-test.ts';

const deadLetters = 'mailer-dead-letters';

let table: TableUnderTest;
let inbox: MailInbox;
let queues: Queues;
let stream: TableStream;
let organization: Organization;

beforeAll(async () => {
  queues = await openQueues();
  queues.serve([{ name: deadLetters, arn: arnOf('sqs', deadLetters), visibilityTimeoutSeconds: 30 }]);
  process.env.AWS_ENDPOINT_URL_SQS = queues.endpoint;
  process.env.DEAD_LETTERS_URL = `${queues.endpoint}/${localAccount.id}/${deadLetters}`;
  table = await startTable({ withStream: true });
  inbox = await openMailInbox();
  organization = await anOrganization(await somebody());
});
beforeEach(async () => {
  inbox.line = 'works';
  stream = await openTableStream(table);
});
afterAll(async () => {
  await inbox.stop();
  await table.stop();
  await queues.stop();
});

let addresses = 0;
const due = { status: 'pending', mailDue: 1, tokenHash: null, sentAt: null } as const;

async function invited(of: Partial<Invitation> = due): Promise<Invitation> {
  addresses += 1;
  return (await anInvitation(organization, `due-${addresses}@example.com`, ['VIEWER'], of)).invitation;
}

const stored = ({ id }: Invitation) => services().stores.invitations.get(tenantWithoutCaller(organization.id), id);
const listed = async () => (await storedItems()).filter(({ kind }) => kind === 'dueMail').length;
const waiting = () => queues.list()[deadLetters]?.length;

test('sends what a dead mailer has left, and empties its dead-letter queue', async () => {
  inbox.line = 'refuses';
  const [invitation, email] = [await invited(), 'link@example.com'];
  const { stores, openChanges, commit, newId, now } = services();
  const changes = openChanges({ email: '', credentialId: null });
  stores.links.request(changes, {
    purpose: 'registration',
    firstName: 'Rea',
    lastName: 'Reader',
    passwordHash: 'x',
    id: newId(),
    email,
    mailDue: 1,
    tokenHash: null,
    createdAt: now(),
    linkExpiresAt: now() + linkLifeMilliseconds.registration,
  });
  await commit(changes, { requestId: 'test-link', ip: '', now: now() });
  expect(await stream.deliver(mailer)).toBeGreaterThan(0);
  queues.send(arnOf('sqs', deadLetters), '{"a record":"that failed"}');

  await expect(redrive()).rejects.toThrow('2 mails could not be sent; 0 were.');
  expect(waiting()).toBe(1);
  expect(await listed()).toBe(2);

  inbox.line = 'works';
  expect(await redrive()).toEqual({ sent: 2, settled: 0 });
  expect(waiting()).toBe(0);
  expect(await listed()).toBe(0);
  expect(await stored(invitation)).toMatchObject({ status: 'sent', mailDue: null });
  const [mail] = await inbox.mailsTo(invitation.email);
  expect(tokenIn(mail)).toMatch(/^it_/);
  expect(await inbox.mailsTo(email)).toHaveLength(1);
  expect(await redrive()).toEqual({ sent: 0, settled: 0 });
});

test('sends nothing that the mailer has sent, or that is not due any more', async () => {
  const sent = await invited();
  expect(await stream.deliver(mailer)).toBe(0);
  const revoked = await invited({ status: 'revoked', mailDue: null });
  const expired = await invited({ ...due, expiresAt: Date.now() - 1 });
  expect(await listed()).toBe(2);
  expect(await redrive()).toEqual({ sent: 0, settled: 2 });
  expect(await listed()).toBe(0);
  expect(await inbox.mailsTo(sent.email)).toHaveLength(1);
  for (const { email } of [revoked, expired]) expect(await inbox.mailsTo(email)).toEqual([]);
});
