import type { Role } from '../access/roles.ts';
import { dayMilliseconds, type Timestamp } from '../timestamp.ts';

/** `expired` is never stored: it is an open invitation whose time is over. */
export type StoredInvitationStatus = 'pending' | 'sent' | 'bounced' | 'accepted' | 'revoked';
export type InvitationStatus = StoredInvitationStatus | 'expired';

/** An invitation of an address into an organization. It has no token until the mailer mints one. */
export interface Invitation {
  readonly id: number;
  readonly organizationId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly roles: readonly Role[];
  readonly status: StoredInvitationStatus;
  readonly invitedById: number;
  readonly invitedByName: string;
  /** Grows with each request for a mail; the mailer serves the latest. */
  readonly mailNumber: number;
  /** The request that the mailer has not served yet. */
  readonly mailDue: number | null;
  /** Hash of the one token that works. */
  readonly tokenHash: string | null;
  /** Hashes of the tokens that worked before, so that a replaced link is told from an invented one. */
  readonly replacedTokenHashes: readonly string[];
  readonly createdAt: Timestamp;
  readonly sentAt: Timestamp | null;
  readonly expiresAt: Timestamp;
}

/** How long an invitation can be accepted. */
export const invitationLifeMilliseconds = 7 * dayMilliseconds;

/** How many replaced tokens of an invitation are remembered. */
export const replacedTokensMax = 50;

/** States in which a token can be minted and accepted. */
export const openInvitationStatuses = ['pending', 'sent', 'bounced'] as const satisfies StoredInvitationStatus[];

/** Whether the invitation can still be accepted. */
export function isOpen(invitation: Invitation, now: Timestamp): boolean {
  return (openInvitationStatuses as readonly string[]).includes(invitation.status) && invitation.expiresAt > now;
}

/** The status as it is shown. */
export function shownStatus(invitation: Invitation, now: Timestamp): InvitationStatus {
  const open = (openInvitationStatuses as readonly string[]).includes(invitation.status);
  return open && invitation.expiresAt <= now ? 'expired' : invitation.status;
}
