import { type Tenant, tenantWithoutCaller } from '../access/tenant.ts';
import { hashSecret, readToken } from '../access/tokens.ts';
import { DomainError } from '../errors.ts';
import type { Organization } from '../organization/organization.ts';
import type { Timestamp } from '../timestamp.ts';
import type { Work } from '../work.ts';
import { type Invitation, isOpen } from './invitation.ts';

/** What a mailed token leads to, whether or not it is of use any more. */
export interface LocatedInvitation {
  readonly tenant: Tenant;
  readonly invitation: Invitation;
  /** Undefined where it is deleted. */
  readonly organization: Organization | undefined;
  /** Whether no later mail has replaced the token. */
  readonly isPresent: boolean;
}

/** An invitation that can be accepted. */
export type FoundInvitation = LocatedInvitation & { readonly organization: Organization };

/**
 * The invitation that a token was mailed for.
 * @throws `invitation_not_found` for a token that no mail ever carried
 */
export async function locateInvitation({ stores }: Work, token: string): Promise<LocatedInvitation> {
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
  const isPresent = invitation?.tokenHash === hash;
  if (!invitation || !(isPresent || invitation.replacedTokenHashes.includes(hash))) {
    throw new DomainError('invitation_not_found');
  }
  return { tenant, invitation, organization, isPresent };
}

/** @throws `invitation_gone` for one that is used, replaced, revoked or expired, or whose organization is gone */
export function requireOpen({ organization, ...located }: LocatedInvitation, now: Timestamp): FoundInvitation {
  if (!located.isPresent || !organization || !isOpen(located.invitation, now)) throw new DomainError('invitation_gone');
  return { ...located, organization };
}

/** The open invitation of a token. @throws what `locateInvitation` and `requireOpen` throw */
export async function findInvitation(work: Work, token: string): Promise<FoundInvitation> {
  return requireOpen(await locateInvitation(work, token), work.now);
}
