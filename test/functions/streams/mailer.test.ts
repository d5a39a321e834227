import { describe, expect, test } from 'vitest';
import * as mailer from '../../../functions/streams/mailer.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { hashSecret, readToken } from '../../../shared/domain/access/tokens.ts';
import type { Invitation } from '../../../shared/domain/invitation/invitation.ts';
import { type LinkPurpose, linkLifeMilliseconds } from '../../../shared/domain/link/link.ts';
import { invitationMailLimit } from '../../../shared/domain/mail/mail-limit.ts';
import { prepareInvitationMail } from '../../../shared/domain/mail/prepare-invitation-mail.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { hourMilliseconds, hourOf } from '../../../shared/domain/timestamp.ts';
import { runInBackground, services } from '../../support/all-services.ts';
import { mailsUnderTest, tableUnderTest } from '../../support/api-under-test.ts';
import { anInvitation } from '../../support/invitations.ts';
import { tokenIn } from '../../support/mail-inbox.ts';
import { anOrganization, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

const table = await tableUnderTest({ withStream: true });
const { inbox, stream } = await mailsUnderTest(table);

let addresses = 0;
function freshAddress(): string {
  addresses += 1;
  return `reader-${addresses}@example.com`;
}

async function request(email: string, purpose: LinkPurpose, of: { linkExpiresAt?: number } = {}): Promise<number> {
  const { stores, openChanges, commit, newId, now } = services();
  const id = newId();
  const changes = openChanges({ email: '', credentialId: null });
  const linkExpiresAt = now() + linkLifeMilliseconds[purpose.purpose];
  stores.links.request(changes, {
    ...purpose,
    id,
    email,
    mailDue: 1,
    tokenHash: null,
    createdAt: now(),
    linkExpiresAt,
    ...of,
  });
  await commit(changes, { requestId: `test-${id}`, ip: '', now: now() });
  return id;
}

const registration: LinkPurpose = { purpose: 'registration', firstName: 'Rea', lastName: 'Reader', passwordHash: 'x' };
const reset: LinkPurpose = { purpose: 'password-reset' };

const due = { status: 'pending', mailDue: 1, tokenHash: null, sentAt: null } as const;

async function stored({ organizationId, id }: Invitation): Promise<Invitation | undefined> {
  return services().stores.invitations.get(tenantWithoutCaller(organizationId), id);
}

const mailRecordsOf = async ({ id }: Organization) =>
  (await storedItems()).filter(({ kind, organizationId }) => kind === 'mailRecord' && organizationId === id);

/** Mails of other organizations that this address got within the hour. */
async function hasGot(email: string, mails: number): Promise<void> {
  const { attempts } = services().stores;
  for (let one = 0; one < mails; one += 1) {
    await attempts.reserve(`invitation:${email}`, Date.now(), invitationMailLimit);
  }
}

describe('a link that is due is mailed', () => {
  test('to a new address, with the token in the fragment and the only copy of it in the mail', async () => {
    const email = freshAddress();
    const id = await request(email, registration);
    expect(await stream.deliver(mailer)).toBe(0);
    const [mail, ...more] = await inbox.mailsTo(email);
    expect(more).toEqual([]);
    const token = tokenIn(mail);
    expect(mail?.from).toBe('no-reply@tenantry.example.com');
    expect(mail?.subject).toBe('Confirm your address');
    expect(mail?.body.text).toContain(`http://localhost:3000/verify#token=${token}`);
    expect(mail?.body.html).toContain(`href="http://localhost:3000/verify#token=${token}"`);
    expect(mail?.body.text).toMatch(/until \d+ \w+ \d{4} at \d\d:\d\d UTC/);
    const link = await services().stores.links.get(id);
    expect(link).toMatchObject({ mailDue: null, tokenHash: hashSecret(readToken('lt', token)?.secret ?? Buffer.of()) });
    const secrets = [token, readToken('lt', token)?.secret.toString('base64url')];
    const everything = JSON.stringify(await storedItems());
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });

  test('to a registered address that registers again, saying that there is an account, without a token', async () => {
    const user = await somebody();
    const id = await request(user.email, registration);
    await stream.deliver(mailer);
    const [mail] = await inbox.mailsTo(user.email);
    expect(mail?.subject).toBe('You have an account already');
    expect(JSON.stringify(mail)).not.toMatch(/lt_|token=/);
    expect(await services().stores.links.get(id)).toMatchObject({ mailDue: null, tokenHash: null });
  });

  test('to somebody who asks for a new password', async () => {
    const user = await somebody();
    await request(user.email, reset);
    await stream.deliver(mailer);
    const [mail] = await inbox.mailsTo(user.email);
    expect(mail?.body.text).toContain(`http://localhost:3000/reset-password#token=${tokenIn(mail)}`);
  });

  test('to a new address of an account, or, where somebody has it, saying so', async () => {
    const [user, other] = [await somebody(), await somebody()];
    const purpose: LinkPurpose = { purpose: 'email-change', userId: user.id, sessionId: 1, sessionEpoch: 1 };
    const email = freshAddress();
    await request(email, purpose);
    await request(other.email, purpose);
    await request(user.email, purpose);
    await stream.deliver(mailer);
    expect(tokenIn((await inbox.mailsTo(email))[0])).toMatch(/^lt_/);
    expect((await inbox.mailsTo(other.email)).map(({ subject }) => subject)).toEqual(['You have an account already']);
    expect(await inbox.mailsTo(user.email)).toEqual([]);
  });

  test.each([
    ['a new password for an unknown address', reset, undefined],
    ['a new password for a locked person', reset, { isLocked: true }],
    ['a new password for a deleted person', reset, { deletedAt: 1 }],
    ['a registration with the address of a locked person', registration, { isLocked: true }],
    ['a registration with the address of a deleted person', registration, { deletedAt: 1 }],
  ])('but not %s', async (_, purpose, of) => {
    const email = of ? (await somebody(of)).email : freshAddress();
    const id = await request(email, purpose);
    expect(await stream.deliver(mailer)).toBe(0);
    expect(await inbox.mailsTo(email)).toEqual([]);
    expect(await services().stores.links.get(id)).toMatchObject({ mailDue: null, tokenHash: null });
  });

  test('but not once its time is over', async () => {
    const email = freshAddress();
    await request(email, registration, { linkExpiresAt: Date.now() - 1 });
    expect(await stream.deliver(mailer)).toBe(0);
    expect(await inbox.mailsTo(email)).toEqual([]);
  });
});

describe('an invitation that is due is mailed', () => {
  test('with who, where, until when and whom to ask; it is then sent, and counts for the organization', async () => {
    const owner = await somebody({ firstName: 'Olga', lastName: 'Owner' });
    const organization = await anOrganization(owner, { name: 'Analytical Engines', contact: 'desk@engines.example' });
    const { invitation } = await anInvitation(organization, freshAddress(), ['ADMIN'], due);
    expect(await stream.deliver(mailer)).toBe(0);
    const [mail, ...more] = await inbox.mailsTo(invitation.email);
    expect(more).toEqual([]);
    const token = tokenIn(mail);
    expect(mail?.subject).toBe('Invitation to Analytical Engines');
    expect(mail?.body.text).toContain(
      'Olga Owner invites you to join “Analytical Engines” on Tenantry as an administrator',
    );
    expect(mail?.body.text).toContain(`http://localhost:3000/invite#token=${token}`);
    expect(mail?.body.text).toContain(`Ask Olga Owner (${owner.email}) or desk@engines.example.`);
    expect(mail?.body.text).toMatch(/until \d+ \w+ \d{4} at \d\d:\d\d UTC/);
    expect(mail?.body.html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');

    expect(readToken('it', token)?.ids).toEqual([organization.id, invitation.id]);
    expect(await stored(invitation)).toMatchObject({
      status: 'sent',
      mailDue: null,
      sentAt: expect.any(Number),
      tokenHash: hashSecret(readToken('it', token)?.secret ?? Buffer.of()),
    });
    expect(await mailRecordsOf(organization)).toHaveLength(1);
    const hour = hourOf(Date.now());
    expect(await storedItems()).toContainEqual(
      expect.objectContaining({
        kind: 'activeOrganization',
        organizationId: organization.id,
        pk: expect.stringContaining(hour),
      }),
    );
    expect(inbox.requests.at(-1)?.EmailTags).toEqual(
      expect.arrayContaining([
        { Name: 'organization', Value: String(organization.id) },
        { Name: 'invitation', Value: String(invitation.id) },
      ]),
    );
  });

  test('but no more than a hundred an hour to one address, however many organizations invite it', async () => {
    const [owner, email] = [await somebody(), freshAddress()];
    await hasGot(email, 95);
    const invitations: Invitation[] = [];
    for (let one = 0; one < 8; one += 1) {
      const { invitation } = await anInvitation(await anOrganization(owner), email, ['VIEWER'], due);
      invitations.push(invitation);
    }
    const other = await anInvitation(await anOrganization(owner), freshAddress(), ['VIEWER'], due);
    expect(await stream.deliver(mailer)).toBe(0);
    expect(await inbox.mailsTo(email)).toHaveLength(5);
    expect(await inbox.mailsTo(other.invitation.email)).toHaveLength(1);
    // What is left is pending, and still due: nobody is told that it was sent.
    const states = await Promise.all(invitations.map(stored));
    expect(states.filter((state) => state?.status === 'sent')).toHaveLength(5);
    expect(
      states.filter((state) => state?.status === 'pending' && state.mailDue === 1 && !state.tokenHash),
    ).toHaveLength(3);
  });

  test('and no name in it can become markup, a header or a link', async () => {
    const name = '<img src=x onerror=alert(1)> https://evil.example/x?a=1&b="2"\u202e';
    const organization = await anOrganization(await somebody(), { name });
    const inviter = 'Eve\r\nBcc: all@example.com www.evil.example';
    const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], {
      ...due,
      invitedByName: inviter,
    });
    await stream.deliver(mailer);
    const [mail] = await inbox.mailsTo(invitation.email);
    const { text = '', html = '' } = mail?.body ?? {};
    expect(mail?.subject).not.toMatch(/[\r\n\u202e]/);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
    for (const part of [mail?.subject ?? '', text, html]) {
      expect(part).not.toMatch(/evil\.example|https:\/\/evil|www\.evil|\u202e|^Bcc:/m);
    }
    expect([...text.matchAll(/https?:\/\/\S+/g)].map(([url]) => url)).toEqual([
      `http://localhost:3000/invite#token=${tokenIn(mail)}`,
    ]);
  });

  test('once, though its record comes twice', async () => {
    const organization = await anOrganization(await somebody());
    const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], due);
    const records = await stream.next(mailer);
    await mailer.handler({ Records: [...records, ...records] });
    await mailer.handler({ Records: records });
    expect(await inbox.mailsTo(invitation.email)).toHaveLength(1);
    expect(await mailRecordsOf(organization)).toHaveLength(1);
  });

  test('again when it is renewed, and the token of the first mail is dead', async () => {
    const organization = await anOrganization(await somebody());
    const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], due);
    await stream.deliver(mailer);
    const sent = await stored(invitation);
    if (!sent) throw new Error('The invitation is gone.');
    const { stores, openChanges, commit, now } = services();
    const changes = openChanges({ email: '', credentialId: null });
    stores.invitations.move(changes, tenantWithoutCaller(organization.id), sent, 'renew', now(), 'retry', {
      mailNumber: 2,
      mailDue: 2,
      tokenHash: null,
      replacedTokenHashes: sent.tokenHash === null ? [] : [sent.tokenHash],
    });
    await commit(changes, { requestId: 'renew', ip: '', now: now() });
    await stream.deliver(mailer);
    const [first, second, ...more] = (await inbox.mailsTo(invitation.email)).map(tokenIn);
    expect(more).toEqual([]);
    const hashOf = (token = '') => hashSecret(readToken('it', token)?.secret ?? Buffer.of());
    const after = await stored(invitation);
    const hashes = [hashOf(first), hashOf(second)].sort();
    expect([after?.tokenHash, ...(after?.replacedTokenHashes ?? [])].sort()).toEqual(hashes);
    expect(await mailRecordsOf(organization)).toHaveLength(2);
  });

  test.each([
    ['revoked', { status: 'revoked' }],
    ['accepted', { status: 'accepted' }],
    ['expired', { expiresAt: 1 }],
  ] as const)('but not once it is %s', async (_, of) => {
    const organization = await anOrganization(await somebody());
    const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], { ...due, ...of });
    expect(await stream.deliver(mailer)).toBe(0);
    expect(await inbox.mailsTo(invitation.email)).toEqual([]);
    expect((await stored(invitation))?.tokenHash).toBeNull();
  });
});

test('a mail that two tries have sent, an hour apart, counts once', async () => {
  const organization = await anOrganization(await somebody());
  const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], due);
  const prepare = () =>
    runInBackground('mailer', (work) => prepareInvitationMail(work, organization.id, invitation.id));
  const tries = [await prepare(), await prepare()];
  for (const [at, prepared] of tries.entries()) {
    const later = at * hourMilliseconds;
    await runInBackground('mailer', async (work) => prepared?.noteTaken({ ...work, now: work.now + later }));
  }
  expect(await stored(invitation)).toMatchObject({ status: 'sent' });
  expect(await mailRecordsOf(organization)).toHaveLength(1);
});

describe('when SES refuses', () => {
  test('only the records of the refused mails fail, and a later try sends them with the one token that works', async () => {
    const organization = await anOrganization(await somebody());
    inbox.line = 'refuses';
    const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], due);
    const answered = await anInvitation(organization, freshAddress(), ['VIEWER'], { ...due, status: 'revoked' });
    const records = await stream.next(mailer);
    const numberOf = ({ id }: Invitation) =>
      records.find(({ dynamodb }) => dynamodb?.NewImage?.id?.N === String(id))?.dynamodb?.SequenceNumber;
    const { batchItemFailures } = await mailer.handler({ Records: records });
    expect(batchItemFailures).toEqual([{ itemIdentifier: numberOf(invitation) }]);
    expect(numberOf(answered.invitation)).toBeDefined();
    expect(await stored(invitation)).toMatchObject({ status: 'pending', mailDue: 1 });

    // What a failed try has noted asks for nothing by itself.
    expect(await stream.deliver(mailer)).toBe(0);
    inbox.line = 'works';
    expect(await mailer.handler({ Records: records })).toEqual({ batchItemFailures: [] });
    const [mail, ...more] = await inbox.mailsTo(invitation.email);
    expect(more).toEqual([]);
    expect(await stored(invitation)).toMatchObject({
      status: 'sent',
      tokenHash: hashSecret(readToken('it', tokenIn(mail))?.secret ?? Buffer.of()),
    });
  });

  test('again and again, the mail counts as one of the hundred that its address may get', async () => {
    const { invitation } = await anInvitation(await anOrganization(await somebody()), freshAddress(), ['VIEWER'], due);
    await hasGot(invitation.email, 99);
    const records = await stream.next(mailer);
    inbox.line = 'refuses';
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await mailer.handler({ Records: records })).batchItemFailures).toHaveLength(1);
    }
    inbox.line = 'works';
    expect(await mailer.handler({ Records: records })).toEqual({ batchItemFailures: [] });
    expect(await inbox.mailsTo(invitation.email)).toHaveLength(1);
  });

  test('because mails come too fast, each waits for its turn, and none fails', async () => {
    const organization = await anOrganization(await somebody());
    inbox.line = 'is-busy';
    const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], due);
    const id = await request(freshAddress(), registration);
    expect(await stream.deliver(mailer)).toBe(0);
    expect(await inbox.mailsTo(invitation.email)).toHaveLength(1);
    expect(await stored(invitation)).toMatchObject({ status: 'sent', mailDue: null });
    expect(await services().stores.links.get(id)).toMatchObject({ mailDue: null });
  });

  test('after it took a mail and the answer was lost, the mail comes again, the first token is dead, and it counts once', async () => {
    const organization = await anOrganization(await somebody());
    inbox.line = 'loses-answers';
    const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], due);
    const records = await stream.next(mailer);
    expect((await mailer.handler({ Records: records })).batchItemFailures).toHaveLength(1);
    inbox.line = 'works';
    expect((await mailer.handler({ Records: records })).batchItemFailures).toEqual([]);
    const tokens = (await inbox.mailsTo(invitation.email)).map(tokenIn);
    expect(new Set(tokens).size).toBe(2);
    const after = await stored(invitation);
    const working = tokens.filter(
      (token) => hashSecret(readToken('it', token)?.secret ?? Buffer.of()) === after?.tokenHash,
    );
    expect(working).toHaveLength(1);
    expect(after?.replacedTokenHashes).toHaveLength(1);
    expect(await mailRecordsOf(organization)).toHaveLength(1);
  });
});
