import { type Invitation, invitedName } from '../invitation/invitation.ts';
import type { Link } from '../link/link.ts';
import type { Organization } from '../organization/organization.ts';
import { type Timestamp, toIso } from '../timestamp.ts';
import type { User } from '../user/user.ts';
import { composeMail, quoted } from './compose-mail.ts';
import type { Mail } from './mail.ts';

/** Tokens stand in the fragment: no server, and so no server's log, ever sees them. */
const linkTo = (consoleUrl: string, page: string, token: string) => `${consoleUrl}/${page}#token=${token}`;

/** A moment as a person reads it: `22 November 2026, 14:05 UTC`. */
function readable(moment: Timestamp): string {
  const iso = toIso(moment);
  const month = months[Number(iso.slice(5, 7)) - 1] ?? '';
  return `${Number(iso.slice(8, 10))} ${month} ${iso.slice(0, 4)}, ${iso.slice(11, 16)} UTC`;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const notYou = 'If you did not ask for this, do nothing: without this link nothing happens.';

/** The mail that invites somebody. */
export function invitationMail(
  invitation: Invitation,
  organization: Organization,
  token: string,
  consoleUrl: string,
): Mail {
  const [where, who] = [quoted(organization.name), quoted(invitation.invitedByName)];
  const name = quoted(invitedName(invitation));
  return composeMail({
    to: invitation.email,
    subject: `${who} invites you to ${where}`,
    heading: `You are invited to ${where}`,
    paragraphs: [`Hello ${name},`, `${who} invites you to join ${where}. Accept to become a member.`],
    action: { label: 'Accept the invitation', url: linkTo(consoleUrl, 'invite', token) },
    footnotes: [
      `The invitation is for ${invitation.email} and ends on ${readable(invitation.expiresAt)}.`,
      `Questions? Ask ${who}${organization.contact === null ? '' : ` or write to ${organization.contact}`}. If you do not know them, do nothing.`,
    ],
    tags: { purpose: 'invitation', organization: String(organization.id), invitation: String(invitation.id) },
  });
}

/** The mail that a link asks for. `holder` is whoever has its address already. */
export function linkMail(link: Link, token: string, consoleUrl: string, holder: User | undefined): Mail | undefined {
  const ends = `The link ends on ${readable(link.linkExpiresAt)}.`;
  const tags = { purpose: link.purpose };
  switch (link.purpose) {
    case 'registration':
      if (holder) {
        return composeMail({
          to: link.email,
          subject: 'You have an account already',
          heading: 'You have an account already',
          paragraphs: [
            'Somebody has just registered with this address. There is an account for it, so nothing was changed.',
            'If that was you and you forgot your password, ask for a new one.',
          ],
          action: { label: 'Choose a new password', url: `${consoleUrl}/forgot-password` },
          footnotes: ['If it was not you, do nothing.'],
          tags,
        });
      }
      return composeMail({
        to: link.email,
        subject: 'Confirm your address',
        heading: 'Confirm your address',
        paragraphs: [
          `Hello ${quoted(link.firstName)},`,
          'confirm that this is your address, and your account is ready.',
        ],
        action: { label: 'Confirm', url: linkTo(consoleUrl, 'verify', token) },
        footnotes: [ends, notYou],
        tags,
      });
    case 'password-reset':
      if (!holder) return undefined;
      return composeMail({
        to: link.email,
        subject: 'Choose a new password',
        heading: 'Choose a new password',
        paragraphs: ['Follow the link to choose a new password. Everywhere you are signed in, you will be signed out.'],
        action: { label: 'Choose a new password', url: linkTo(consoleUrl, 'reset-password', token) },
        footnotes: [ends, notYou],
        tags,
      });
    case 'email-change':
      if (holder) return undefined;
      return composeMail({
        to: link.email,
        subject: 'Confirm your new address',
        heading: 'Confirm your new address',
        paragraphs: ['Confirm that this is your address, and your account moves to it.'],
        action: { label: 'Confirm', url: linkTo(consoleUrl, 'verify', token) },
        footnotes: [ends, notYou],
        tags,
      });
  }
}
