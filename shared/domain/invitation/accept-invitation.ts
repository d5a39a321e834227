import type { Caller } from '../access/caller.ts';
import { takeAttempt } from '../attempts/take-attempt.ts';
import { DomainError, type FieldError, invalidField } from '../errors.ts';
import { changeMemberships } from '../member/change-memberships.ts';
import { type Membership, newMembership } from '../member/membership.ts';
import { newUser } from '../user/new-user.ts';
import { hashPassword, verifyPassword } from '../user/password.ts';
import { passwordProblem } from '../user/password-rules.ts';
import { isUsable, type User } from '../user/user.ts';
import type { Work } from '../work.ts';
import { auditInvitation } from './audit-invitation.ts';
import { type LocatedInvitation, requireOpen } from './find-invitation.ts';
import { countsAsOpen, type Invitation } from './invitation.ts';

/** What somebody shows who accepts. */
export interface Acceptance {
  readonly password: string | undefined;
  readonly passwordConfirmation: string | undefined;
  /** Whose session came with the request, if any did. */
  readonly signedIn: Caller | undefined;
}

/**
 * Makes whoever holds the token a member with the invited roles. Somebody new is made here, homed in the organization and
 * verified, since the mail proved the address. Somebody who has an account shows its password, or a session of theirs;
 * nothing of the account changes. Of two who accept at once one wins.
 * @throws what `requireOpen` throws; `unauthorized` for another person's session; `wrong_password`,
 * `too_many_attempts`; `invalid_request` about `password` and `password_confirmation`; `already_member`, `limit_reached`
 */
export async function acceptInvitation(
  work: Work,
  located: LocatedInvitation,
  acceptance: Acceptance,
): Promise<Membership> {
  const { stores, changes, now } = work;
  const { tenant, invitation, organization } = requireOpen(located, now);
  const user =
    (await findHolder(work, invitation.email, acceptance)) ??
    (await createInvited(work, invitation, newPasswordOf(acceptance)));
  changes.author = { email: user.email, credentialId: null };

  const membership = newMembership(invitation.organizationId, user, invitation.roles, now);
  stores.invitations.move(changes, tenant, invitation, 'accept', now, 'invitation_gone', { mailDue: null });
  stores.invitations.release(changes, tenant, invitation);
  stores.organizations.requireLive(changes, tenant, 'active', 'invitation_gone');
  if (countsAsOpen(invitation)) stores.organizations.change(changes, tenant, { add: { openInvitations: -1 } });
  await changeMemberships(work, tenant, organization, [{ before: undefined, after: membership, user }]);
  auditInvitation(work, invitation, { ...invitation, status: 'accepted' });
  return membership;
}

/**
 * Who has the address, if anybody. Their session is proof enough that it is they; without one it takes the account's
 * present password.
 */
async function findHolder(
  work: Work,
  email: string,
  { signedIn, password, passwordConfirmation }: Acceptance,
): Promise<User | undefined> {
  const { stores } = work;
  if (signedIn && signedIn.user.email !== email) throw new DomainError('unauthorized');
  if (signedIn && password === undefined) return signedIn.user;
  const id = await stores.users.findIdByEmail(email);
  if (id === undefined) return undefined;
  if (password === undefined) throw invalidField('password', 'This field is required.');
  if (passwordConfirmation !== undefined && passwordConfirmation !== password) throw confirmationDiffers();
  const [user] = await Promise.all([stores.users.get(id), takeAttempt(work, email)]);
  if (!(await verifyPassword(password, user && isUsable(user) ? user.passwordHash : null))) {
    await stores.attempts.noteFailure(email);
    throw new DomainError('wrong_password');
  }
  work.beside(stores.attempts.reset(email));
  return user;
}

function newPasswordOf({ password, passwordConfirmation }: Acceptance): string {
  const fields: FieldError[] = [];
  const require = (field: string, problem: string | undefined) =>
    problem === undefined || fields.push({ field, message: problem });
  require('password', password === undefined ? 'This field is required.' : passwordProblem(password));
  require('password_confirmation', passwordConfirmation === undefined ? 'This field is required.' : undefined);
  if (fields.length > 0 || password === undefined) throw new DomainError('invalid_request', { fields });
  if (passwordConfirmation !== password) throw confirmationDiffers();
  return password;
}

function confirmationDiffers(): DomainError {
  return invalidField('password_confirmation', 'Must be the same as password.');
}

/** Somebody new, with a claim on the address: whoever is made meanwhile is asked for their password instead. */
async function createInvited(work: Work, invited: Invitation, password: string): Promise<User> {
  const { email, firstName, lastName, organizationId } = invited;
  const user = newUser(work, {
    email,
    firstName,
    middleName: null,
    lastName,
    suffix: null,
    passwordHash: await hashPassword(password, work.randomBytes),
    isVerified: true,
    homeOrganizationId: organizationId,
  });
  work.stores.users.create(work.changes, user, 'retry');
  return user;
}
