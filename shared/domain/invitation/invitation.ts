import type { Role } from '../access/roles.ts';
import { dayMilliseconds, type Timestamp } from '../timestamp.ts';
import type { PersonName } from '../user/user.ts';

/**
 * `expired` is stored only once another invitation has taken the address; until then it follows from the time
 * (`shownStatus`).
 */
export const storedInvitationStatuses = ['pending', 'sent', 'bounced', 'accepted', 'revoked', 'expired'] as const;

export type InvitationStatus = (typeof storedInvitationStatuses)[number];

/** While nobody has answered, and as long as there is time. */
export const unansweredStatuses = ['pending', 'sent', 'bounced'] as const satisfies readonly InvitationStatus[];

export type UnansweredStatus = (typeof unansweredStatuses)[number];

/** What an invitation is listed under: what time alone does to it moves it to no other list. */
export const invitationLists = ['open', 'accepted', 'revoked'] as const;

export type InvitationList = (typeof invitationLists)[number];

/** An invitation of an address into an organization. It has no token until the mailer mints one. */
export interface Invitation {
  readonly id: number;
  readonly organizationId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly roles: readonly Role[];
  readonly status: InvitationStatus;
  readonly invitedById: number;
  readonly invitedByName: string;
  /** Grows with each request for a mail; the mailer serves the latest. */
  readonly mailNumber: number;
  /** Set until the mailer has served it; whenever it changes, the mailer is called. */
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

/** Whether the invitation waits for an answer as far as its state goes; its time may be over. */
export function isUnanswered({ status }: Pick<Invitation, 'status'>): boolean {
  return isUnansweredStatus(status);
}

export function isUnansweredStatus(status: InvitationStatus): status is UnansweredStatus {
  return unansweredStatuses.some((unanswered) => unanswered === status);
}

/** The list that invitations of this status stand in. */
export function listOf(status: InvitationStatus): InvitationList {
  return status === 'accepted' || status === 'revoked' ? status : 'open';
}

/** Whether the invitation can still be accepted. */
export function isOpen(invitation: Invitation, now: Timestamp): boolean {
  return isUnanswered(invitation) && invitation.expiresAt > now;
}

/** Whether the mailer has to send a mail. */
export function isMailDue(
  invitation: Invitation,
  now: Timestamp,
): invitation is Invitation & { readonly mailDue: number } {
  return invitation.status === 'pending' && invitation.mailDue !== null && isOpen(invitation, now);
}

/** The status as it is shown. */
export function shownStatus(invitation: Invitation, now: Timestamp): InvitationStatus {
  return isUnanswered(invitation) && invitation.expiresAt <= now ? 'expired' : invitation.status;
}

/** Whether the organization counts the invitation among the open ones. */
export function countsAsOpen({ status }: Pick<Invitation, 'status'>): boolean {
  return status === 'pending' || status === 'sent';
}

/** What to set when a token, minted or not, must not work any more. */
export function withoutToken({
  tokenHash,
  replacedTokenHashes,
}: Invitation): Pick<Invitation, 'tokenHash' | 'replacedTokenHashes'> {
  if (tokenHash === null) return { tokenHash, replacedTokenHashes };
  return { tokenHash: null, replacedTokenHashes: [...replacedTokenHashes, tokenHash].slice(-replacedTokensMax) };
}

/** The name of the invited person, as far as it is known. */
export function invitedName({ firstName, lastName }: Invitation): string {
  return [firstName, lastName].filter(Boolean).join(' ');
}

/** First and last name of somebody of whom no more than the address is known: what stands before its `@`. */
export function nameFromAddress(email: string): Pick<PersonName, 'firstName' | 'lastName'> {
  return { firstName: email.slice(0, email.indexOf('@')), lastName: '' };
}
