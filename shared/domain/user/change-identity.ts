import type { DomainErrorCode } from '../errors.ts';
import { requestAddressNotice } from '../link/request-link.ts';
import { identityOf } from '../member/membership.ts';
import type { Session } from '../session/session.ts';
import { toIso } from '../timestamp.ts';
import type { Wish } from '../wish.ts';
import type { Work } from '../work.ts';
import { copyToMemberships } from './copy-identity.ts';
import type { PersonName, User } from './user.ts';

type ChangeableIdentity = PersonName &
  Pick<User, 'email' | 'passwordHash' | 'isVerified' | 'isLocked' | 'deletedAt' | 'isPlatformAdministrator'>;

/** What may be changed of who somebody is. */
export type IdentityChange = Wish<ChangeableIdentity>;

/**
 * The one place that changes who somebody is: the user, and everywhere the copy that each membership carries, with what
 * it counts, the order it stands in, and the audit entry there. A new address that nobody has confirmed is unverified.
 * A new address or password, a lock and a delete end the person's sessions, but `keptSession`. Of a new address the old
 * one is told by mail.
 *
 * All of it happens in the transaction of `work`, up to 9 memberships; one that began since the user was read begins the
 * request anew. What is left of it is due: the user says so in the same transaction, and the consumer `follow-ups`
 * finishes it from there (`finishIdentityChange`), however often it is stopped. Whether somebody may act is read from
 * the user alone, so a lock, a delete and the end of the sessions hold everywhere at once.
 *
 * Locking or deleting an organization's last active owner is refused (`last_owner`) by a rule of the write; for owners
 * of more than 9 organizations, in the others by a look beforehand.
 *
 * @param user As read in this work; a user who has changed since begins the request anew.
 * @param options.keptSession Finds the session that lives on, beside the reads for the memberships.
 * @param options.ifEmailTaken The refusal where somebody else has the new address.
 * @param options.organizationIds Of which the person was a member, where that was read already: saves a trip.
 * @returns the user as it will be
 */
export async function changeIdentity(
  work: Work,
  user: User,
  change: IdentityChange,
  options: {
    readonly ifEmailTaken?: DomainErrorCode;
    readonly keptSession?: () => Promise<Session | undefined>;
    readonly organizationIds?: readonly number[];
  } = {},
): Promise<User> {
  const { stores, changes, now } = work;
  const { email, ...set } = differenceOf(user, change);
  if (email === undefined && Object.keys(set).length === 0) return user;
  const endsSessions =
    email !== undefined || set.passwordHash !== undefined || set.isLocked === true || Boolean(set.deletedAt);
  const sessionEpoch = user.sessionEpoch + (endsSessions ? 1 : 0);
  const after: User = {
    ...user,
    ...set,
    email: email ?? user.email,
    ...(set.passwordHash === undefined ? {} : { passwordChangedAt: now }),
    sessionEpoch,
    version: user.version + 1,
    updatedAt: now,
  };
  const isCopied = JSON.stringify(identityOf(user)) !== JSON.stringify(identityOf(after));
  const { passwordChangedAt } = after;
  stores.users.change(changes, user, { ...set, passwordChangedAt, sessionEpoch, updatedAt: now });
  if (email !== undefined) stores.users.changeEmail(changes, user, email, options.ifEmailTaken ?? 'email_taken');
  if (set.passwordHash !== undefined && user.homeOrganizationId !== null) {
    changes.audit({
      organizationId: user.homeOrganizationId,
      action: 'update',
      entity: 'member',
      entityId: String(user.id),
      oldData: {},
      newData: { password_changed_at: toIso(now) },
    });
  }
  const [keptSession] = await Promise.all([
    endsSessions ? options.keptSession?.() : undefined,
    isCopied ? copyToMemberships(work, user, after, options) : undefined,
    email === undefined ? undefined : requestAddressNotice(work, user.email),
  ]);
  if (keptSession) stores.sessions.setEpoch(changes, keptSession, sessionEpoch);
  return after;
}

function differenceOf(user: User, change: IdentityChange): Partial<ChangeableIdentity> {
  const isNewAddress = change.email !== undefined && change.email !== user.email;
  const wanted = { ...change, isVerified: change.isVerified ?? (isNewAddress ? false : undefined) };
  const changed = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && value !== user[name as keyof ChangeableIdentity],
  );
  return Object.fromEntries(changed);
}
