import { type Tenant, tenantWithoutCaller } from '../access/tenant.ts';
import { hashSecret, readToken } from '../access/tokens.ts';
import { DomainError } from '../errors.ts';
import type { Organization } from '../organization/organization.ts';
import type { Work } from '../work.ts';
import { type Invitation, isOpen } from './invitation.ts';

/** What a mailed token leads to. */
export interface FoundInvitation {
  readonly tenant: Tenant;
  readonly invitation: Invitation;
  readonly organization: Organization;
}

/**
 * The open invitation of a token.
 * @throws `invitation_not_found` for a token that no mail ever carried; `invitation_gone` for one that is used, replaced,
 * revoked or expired, or whose organization is gone
 */
export async function findInvitation({ stores, now }: Work, token: string): Promise<FoundInvitation> {
  const content = readToken('it', token);
  const [organizationId, invitationId] = content?.ids ?? [];
  if (!content || organizationId === undefined || invitationId === undefined) {
    throw new DomainError('invitation_not_found');
  }
  const tenant = tenantWithoutCaller(organizationId);
  const [invitation, organization] = await Promise.all([
    stores.invitations.get(tenant, invitationId),
    stores.organizations.get(organizationId),
  ]);
  const hash = hashSecret(content.secret);
  if (!invitation) throw new DomainError('invitation_not_found');
  if (invitation.tokenHash !== hash) {
    throw new DomainError(invitation.replacedTokenHashes.includes(hash) ? 'invitation_gone' : 'invitation_not_found');
  }
  if (!organization || !isOpen(invitation, now)) throw new DomainError('invitation_gone');
  return { tenant, invitation, organization };
}
