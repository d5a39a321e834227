import type { SNSEvent } from 'aws-lambda';
import { beforeAll, expect, test } from 'vitest';
import { handler } from '../../../functions/jobs/mail-feedback.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import type { Invitation } from '../../../shared/domain/invitation/invitation.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { services } from '../../support/all-services.ts';
import { tableUnderTest } from '../../support/api-under-test.ts';
import { anInvitation } from '../../support/invitations.ts';
import { anOrganization, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

await tableUnderTest();
let organization: Organization;
let addresses = 0;

beforeAll(async () => {
  organization = await anOrganization(await somebody());
});

async function invited(of: Partial<Invitation> = {}): Promise<Invitation> {
  addresses += 1;
  return (await anInvitation(organization, `back-${addresses}@example.com`, ['VIEWER'], of)).invitation;
}

function event(...messages: unknown[]): SNSEvent {
  return { Records: messages.map((message) => ({ Sns: { Message: JSON.stringify(message) } })) } as SNSEvent;
}

const mailOf = ({ organizationId, id }: Invitation, mailNumber = 1) => ({
  messageId: 'x',
  tags: {
    'ses:configuration-set': ['tenantry-dev'],
    kind: ['invitation'],
    organization: [String(organizationId)],
    invitation: [String(id)],
    mail: [String(mailNumber)],
  },
});
const bounce = (invitation: Invitation, bounceType = 'Permanent', mailNumber = 1) => ({
  eventType: 'Bounce',
  mail: mailOf(invitation, mailNumber),
  bounce: { bounceType, bouncedRecipients: [] },
});
const complaint = (invitation: Invitation) => ({ eventType: 'Complaint', mail: mailOf(invitation), complaint: {} });
const statusOf = async ({ id }: Invitation) =>
  (await services().stores.invitations.get(tenantWithoutCaller(organization.id), id))?.status;
const open = async () => (await services().stores.organizations.get(organization.id))?.counters.openInvitations;

test('a mail that came back, or was complained about, turns its invitation bounced, once', async () => {
  const [one, other, pending] = [await invited(), await invited(), await invited({ status: 'pending' })];
  const before = (await open()) ?? 0;
  const told = event(bounce(one), complaint(other), bounce(pending, 'Undetermined'));
  expect(await handler(told)).toEqual({ events: 3, changed: 3 });
  for (const invitation of [one, other, pending]) expect(await statusOf(invitation)).toBe('bounced');
  expect(await open()).toBe(before - 3);
  expect(await handler(told)).toEqual({ events: 3, changed: 0 });
  expect(await open()).toBe(before - 3);
  const audited = (await storedItems()).filter(
    ({ kind, changes }) => kind === 'auditEntry' && String(changes).includes(String(one.id)),
  );
  expect(audited).toHaveLength(1);
});

test.each([
  ['a transient bounce', {}, 'Transient', 1],
  ['an earlier mail', { mailNumber: 2 }, 'Permanent', 1],
  ['an accepted invitation', { status: 'accepted' }, 'Permanent', 1],
  ['a revoked invitation', { status: 'revoked' }, 'Permanent', 1],
] as const)('%s changes nothing', async (_, of, bounceType, mailNumber) => {
  const invitation = await invited(of);
  expect(await handler(event(bounce(invitation, bounceType, mailNumber)))).toEqual({ events: 1, changed: 0 });
  expect(await statusOf(invitation)).toBe(invitation.status);
});

test('what is about another mail, or about nothing that is there, is passed over', async () => {
  const invitation = await invited();
  const other = { ...bounce(invitation), mail: { tags: { kind: ['password-reset'], link: ['5'] } } };
  const unknown = bounce({ ...invitation, id: 77 });
  expect(await handler(event(other, unknown, bounce(invitation)))).toEqual({ events: 3, changed: 1 });
});

test('the sentence with which SES tries the topic is passed over, and what comes with it is not', async () => {
  const invitation = await invited();
  const told = event(bounce(invitation));
  const sentence = { Sns: { Message: 'Successfully validated SNS topic for Amazon SES event publishing.' } };
  const records = [sentence as SNSEvent['Records'][number], ...told.Records];
  expect(await handler({ Records: records })).toEqual({ events: 2, changed: 1 });
  expect(await statusOf(invitation)).toBe('bounced');
});
