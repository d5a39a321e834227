import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as redrive } from '../../../functions/jobs/redrive-mail.ts';
import * as mailer from '../../../functions/streams/mailer.ts';
import { openQueues, type Queues } from '../../../infra/local/queues.ts';
import { arnOf, localAccount } from '../../../infra/local/resource-kinds.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { hashSecret, readToken } from '../../../shared/domain/access/tokens.ts';
import type { Invitation } from '../../../shared/domain/invitation/invitation.ts';
import { requestLinkUnlimited } from '../../../shared/domain/link/request-link.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { runInBackground, services } from '../../support/all-services.ts';
import { faultyApiUnderTest, mailsUnderTest } from '../../support/api-under-test.ts';
import { anInvitation } from '../../support/invitations.ts';
import { tokenIn } from '../../support/mail-inbox.ts';
import { anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

const deadLetters = 'mailer-dead-letters';

const { table, engine, call } = await faultyApiUnderTest({ withStream: true });
const { inbox, stream } = await mailsUnderTest(table);
let queues: Queues;
let owner: User;
let organization: Organization;

beforeAll(async () => {
  queues = await openQueues();
  queues.serve([{ name: deadLetters, arn: arnOf('sqs', deadLetters), visibilityTimeoutSeconds: 30 }]);
  process.env.AWS_ENDPOINT_URL_SQS = queues.endpoint;
  process.env.DEAD_LETTERS_URL = `${queues.endpoint}/${localAccount.id}/${deadLetters}`;
  owner = await somebody();
  organization = await anOrganization(owner);
});
afterAll(async () => {
  await queues.stop();
});

let addresses = 0;
const freshAddress = () => `due-${++addresses}@example.com`;
const due = { status: 'pending', mailDue: 1, tokenHash: null, sentAt: null } as const;

async function invited(of: Partial<Invitation> = due): Promise<Invitation> {
  return (await anInvitation(organization, freshAddress(), ['VIEWER'], of)).invitation;
}

async function requested(): Promise<{ id: number; email: string }> {
  const [id, email] = [services().newId(), freshAddress()];
  const purpose = { purpose: 'registration', firstName: 'Rea', lastName: 'Reader', passwordHash: 'x' } as const;
  await runInBackground('test', async (work) => requestLinkUnlimited({ ...work, newId: () => id }, email, purpose));
  return { id, email };
}

const storedLink = ({ id }: { id: number }) => services().stores.links.get(id);
const stored = ({ id }: { id: number }) => services().stores.invitations.get(tenantWithoutCaller(organization.id), id);
const listed = async () => (await storedItems()).filter(({ kind }) => kind === 'dueMail').length;
const waiting = () => queues.list()[deadLetters]?.length;

test('has what a dead mailer has left sent, and empties its dead-letter queue', async () => {
  inbox.line = 'refuses';
  const [invitation, link] = [await invited(), await requested()];
  expect(await stream.deliver(mailer)).toBeGreaterThan(0);
  queues.send(arnOf('sqs', deadLetters), '{"a record":"that failed"}');

  expect(await redrive()).toEqual({ asked: 2 });
  expect(waiting()).toBe(0);
  expect(await stream.deliver(mailer)).toBe(2);
  expect(await listed()).toBe(2);

  inbox.line = 'works';
  expect(await redrive()).toEqual({ asked: 2 });
  expect(await stream.deliver(mailer)).toBe(0);
  expect(await listed()).toBe(0);
  expect(await stored(invitation)).toMatchObject({ status: 'sent', mailDue: null });
  const [mail] = await inbox.mailsTo(invitation.email);
  expect(tokenIn(mail)).toMatch(/^it_/);
  expect(await inbox.mailsTo(link.email)).toHaveLength(1);
  expect(await redrive()).toEqual({ asked: 0 });
});

test('asks for nothing that the mailer has sent, or that is not due any more', async () => {
  const sent = await invited();
  expect(await stream.deliver(mailer)).toBe(0);
  const revoked = await invited({ status: 'revoked', mailDue: null });
  const expired = await invited({ ...due, expiresAt: Date.now() - 1 });
  expect(await redrive()).toEqual({ asked: 0 });
  expect(await stream.deliver(mailer)).toBe(0);
  expect(await inbox.mailsTo(sent.email)).toHaveLength(1);
  for (const { email } of [revoked, expired]) expect(await inbox.mailsTo(email)).toEqual([]);
});

test.each([
  ['an invitation', 'it', () => invited(), stored],
  ['a link', 'lt', requested, storedLink],
] as const)(
  'beside a mailer at work at the mail of %s, at whichever call, sends no second',
  async (_, prefix, ask, find) => {
    let calls = 0;
    for (let wasHeld = true; wasHeld; calls += 1) {
      const asked = await ask();
      const records = await stream.next(mailer);
      wasHeld = false;
      let left = calls;
      const meanwhile = async () => {
        if (wasHeld || left-- > 0) return;
        wasHeld = true;
        // Two operators, at once.
        await Promise.all([redrive(), redrive()]);
      };
      engine.decide = async () => void (await meanwhile());
      inbox.isCut = async () => {
        await meanwhile();
        return false;
      };
      expect(await mailer.handler({ Records: records })).toEqual({ batchItemFailures: [] });
      expect(await stream.deliver(mailer)).toBe(0);
      const [mail, ...more] = await inbox.mailsTo(asked.email);
      expect(more).toEqual([]);
      const tokenHash = hashSecret(readToken(prefix, tokenIn(mail))?.secret ?? Buffer.of());
      expect(await find(asked)).toMatchObject({ mailDue: null, tokenHash });
    }
    // Reading, minting, sending and noting.
    expect(calls).toBeGreaterThan(4);
  },
);

test('an invitation that is sent anew after a redrive calls the mailer again', async () => {
  const invitation = await invited();
  await redrive();
  const headers = await signedIn(owner);
  const path = `/api/organizations/${organization.id}/invitations/${invitation.id}/resend`;
  await stream.next(mailer);
  expect((await call({ method: 'POST', path, headers })).status).toBe(200);
  expect(await stream.deliver(mailer)).toBe(0);
  expect(await inbox.mailsTo(invitation.email)).toHaveLength(1);
});
