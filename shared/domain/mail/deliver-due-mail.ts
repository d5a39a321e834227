import { tenantWithoutCaller } from '../access/tenant.ts';
import { hashSecret, secretBytesOf, writeToken } from '../access/tokens.ts';
import { DomainError } from '../errors.ts';
import { isUnanswered, withoutToken } from '../invitation/invitation.ts';
import { isUsable } from '../user/user.ts';
import type { Work } from '../work.ts';
import type { MailSender } from './mail.ts';
import { invitationMail, linkMail } from './mail-texts.ts';

/** What a record of the table's stream says: that this invitation or link may want a mail. */
export type DueMail =
  | { readonly kind: 'invitation'; readonly organizationId: number; readonly id: number }
  | { readonly kind: 'link'; readonly id: number };

/** Runs one unit of work and commits it. */
export type RunUnit = <Result>(unit: (work: Work) => Promise<Result>) => Promise<Result>;

/**
 * Mints a token, keeps its hash, sends, and notes that the mail was taken. Can be cut off anywhere and done again: then
 * another token is minted and the first one is dead. What wants no mail any more is left alone.
 */
export async function deliverDueMail(due: DueMail, run: RunUnit, sender: MailSender): Promise<void> {
  if (due.kind === 'invitation') await deliverInvitation(due, run, sender);
  else await deliverLink(due.id, run, sender);
}

async function deliverInvitation(
  { organizationId, id }: Extract<DueMail, { kind: 'invitation' }>,
  run: RunUnit,
  sender: MailSender,
): Promise<void> {
  const tenant = tenantWithoutCaller(organizationId);
  const minted = await run(async (work) => {
    const { stores, changes, settings, now } = work;
    const [invitation, organization] = await Promise.all([
      stores.invitations.get(tenant, id),
      stores.organizations.get(organizationId),
    ]);
    if (!invitation || !organization || invitation.mailDue === null || !isUnanswered(invitation)) return undefined;
    const secret = work.randomBytes(secretBytesOf('it'));
    const set = { ...withoutToken(invitation), tokenHash: hashSecret(secret) };
    stores.invitations.move(changes, tenant, invitation, 'mint', now, 'retry', set);
    const token = writeToken('it', { ids: [organizationId, id], secret });
    return { ...set, mail: invitationMail(invitation, organization, token, settings.consoleUrl) };
  });
  if (!minted) return;
  const mailId = await sender.send(minted.mail);
  await run(async ({ stores, changes, now }) => {
    const invitation = await stores.invitations.get(tenant, id);
    stores.mails.record(changes, tenant, mailId, now);
    const isLatest = invitation?.status === 'pending' && invitation.tokenHash === minted.tokenHash;
    if (invitation && isLatest) {
      stores.invitations.move(changes, tenant, invitation, 'send', now, 'retry', { sentAt: now, mailDue: null });
    }
  });
}

async function deliverLink(id: number, run: RunUnit, sender: MailSender): Promise<void> {
  const minted = await run(async (work) => {
    const { stores, changes, settings, now } = work;
    const link = await stores.links.get(id);
    if (!link || link.mailDue === null || link.linkExpiresAt <= now) return undefined;
    const holder = await stores.users.findByEmail(link.email);
    const secret = work.randomBytes(secretBytesOf('lt'));
    const token = writeToken('lt', { ids: [id], secret });
    const mail = holder && !isUsable(holder) ? undefined : linkMail(link, token, settings.consoleUrl, holder);
    stores.links.setToken(changes, link, hashSecret(secret));
    return { link, mail };
  }).catch(unlessGone);
  if (!minted) return;
  if (minted.mail) await sender.send(minted.mail);
  await run(async ({ stores, changes }) => stores.links.mailed(changes, minted.link)).catch(unlessGone);
}

/** A link that was used, or served by a twin, meanwhile wants nothing more. */
function unlessGone(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'link_gone') return undefined;
  throw error;
}
