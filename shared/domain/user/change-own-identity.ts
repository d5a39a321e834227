import { type Caller, requireSession } from '../access/caller.ts';
import { requestLink } from '../link/request-link.ts';
import { ownOrganizationIds } from '../member/own-organization-ids.ts';
import type { Wish } from '../wish.ts';
import type { Work } from '../work.ts';
import { changeIdentity } from './change-identity.ts';
import { requirePassword } from './require-password.ts';
import type { PersonName, User } from './user.ts';

/** Changes the caller's own names, whoever manages the rest of their identity. @throws `forbidden` for a credential */
export async function changeOwnName(work: Work, caller: Caller, name: Wish<PersonName>): Promise<User> {
  const { user } = requireSession(caller);
  return changeIdentity(work, user, name, { organizationIds: await ownOrganizationIds(work, caller) });
}

/**
 * Asks for a link to an address that the caller wants to have from now on. Nothing changes before it is followed, and
 * nothing here depends on whether somebody has the address.
 * @throws `forbidden` for a credential, `wrong_password`, `too_many_attempts`
 */
export async function requestEmailChange(
  work: Work,
  caller: Caller,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  const { user, session } = requireSession(caller);
  const { id: userId, sessionEpoch } = user;
  const purpose = { purpose: 'email-change', userId, sessionId: session.id, sessionEpoch } as const;
  await requirePassword(work, user, password);
  await requestLink(work, email, purpose);
}
