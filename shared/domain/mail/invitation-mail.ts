import { type Role, strongestRole } from '../access/roles.ts';
import type { Invitation } from '../invitation/invitation.ts';
import type { Organization } from '../organization/organization.ts';
import { composeMail, type Mail, quoted, spokenMoment } from './mail.ts';

const roleWords: Readonly<Record<Role, string>> = {
  OWNER: 'an owner',
  ADMIN: 'an administrator',
  CONTRIBUTOR: 'a contributor',
  ACCOUNTING: 'an accountant',
  VIEWER: 'a viewer',
};

/**
 * The mail that invites somebody into an organization.
 * @param inviterEmail Whom to ask, as long as that person is there.
 */
export function invitationMail(
  invitation: Invitation,
  organization: Organization,
  inviterEmail: string | undefined,
  token: string,
  consoleUrl: string,
): Mail {
  const name = quoted(organization.name);
  const inviter = quoted(invitation.invitedByName) || 'Somebody';
  const contacts = [inviterEmail && `${inviter} (${inviterEmail})`, organization.contact].filter(Boolean);
  return composeMail({
    to: invitation.email,
    subject: `Invitation to ${name}`,
    paragraphs: [
      `${inviter} invites you to join “${name}” on Tenantry as ${roleWords[strongestRole(invitation.roles)]}.`,
    ],
    link: { label: 'Accept the invitation', url: `${consoleUrl}/invite#token=${token}`, token },
    footnotes: [
      `The invitation is for ${invitation.email}. It can be accepted once, until ${spokenMoment(invitation.expiresAt)}.`,
      contacts.length > 0
        ? `Questions? Ask ${contacts.join(' or ')}.`
        : `Questions? Ask the people of “${name}” whom you know.`,
      'If you do not know what this is about, ignore this mail: without the link, nothing happens.',
    ],
    tags: {
      kind: 'invitation',
      organization: String(invitation.organizationId),
      invitation: String(invitation.id),
      mail: String(invitation.mailNumber),
    },
  });
}
