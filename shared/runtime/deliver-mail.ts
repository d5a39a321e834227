import type { DueMail } from '../domain/mail/due-mail.ts';
import { prepareInvitationMail } from '../domain/mail/prepare-invitation-mail.ts';
import { prepareLinkMail } from '../domain/mail/prepare-link-mail.ts';
import { sendMail } from './mail-sender.ts';
import { backgroundWith } from './run-in-background.ts';
import { attempts, consumption, invitations, links, organizations, users } from './stores.ts';

const inBackground = backgroundWith({ attempts, consumption, invitations, links, organizations, users });

/**
 * Sends a mail if it still is due: what is stored decides. Done again after a crash, it sends again, with another token,
 * and the first is dead.
 * @returns whether it was due
 */
export async function deliverMail(mail: DueMail): Promise<boolean> {
  const prepared = await inBackground('mailer', (work) =>
    mail.kind === 'invitation'
      ? prepareInvitationMail(work, mail.organizationId, mail.id)
      : prepareLinkMail(work, mail.id),
  );
  if (!prepared) return false;
  await sendMail(prepared.mail);
  await inBackground('mailer', (work) => prepared.noteTaken(work));
  return true;
}
