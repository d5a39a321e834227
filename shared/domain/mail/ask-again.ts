import { tenantWithoutCaller } from '../access/tenant.ts';
import { isMailDue } from '../invitation/invitation.ts';
import type { Work } from '../work.ts';
import type { DueMail } from './due-mail.ts';

/**
 * Asks the mailer once more for a mail that it has not sent. It hears of that in its turn, behind all else that it hears
 * of this invitation or link: one that is at work at the mail just now comes to its end first, and then none is due.
 * @returns whether the mail is still due
 */
export async function askAgain({ stores, changes, now }: Work, mail: DueMail): Promise<boolean> {
  if (mail.kind === 'link') {
    const link = await stores.links.get(mail.id);
    if (!link || link.mailDue === null) return false;
    stores.links.askAgain(changes, link, link.mailDue + 1);
    return true;
  }
  const tenant = tenantWithoutCaller(mail.organizationId);
  const invitation = await stores.invitations.get(tenant, mail.id);
  if (!invitation || !isMailDue(invitation, now)) return false;
  stores.invitations.move(changes, tenant, invitation, 'redrive', now, 'retry', { mailDue: invitation.mailDue + 1 });
  return true;
}
