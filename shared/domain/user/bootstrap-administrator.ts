import { requestLinkUnlimited } from '../link/request-link.ts';
import type { Work } from '../work.ts';
import { changeIdentity } from './change-identity.ts';
import { newUser } from './new-user.ts';
import { hashPassword } from './password.ts';
import { isUsable } from './user.ts';

/** Who is to administrate the platform. Without a password, a mail lets them choose one. */
export interface NewAdministrator {
  readonly email: string;
  readonly password?: string | undefined;
}

/**
 * Makes a platform administrator: a person without a home organization, verified by whoever may run the command. One
 * who is there already stays as they are, but for the flag and, where there is none yet, the password; so the command
 * can be run any number of times. Without any password, a link to choose one is mailed.
 *
 * An account with a home organization was made, or may have been changed, by others who know its password: it loses that
 * one, and its sessions, when it becomes an administrator's.
 * @throws Error in one sentence where the person is locked or deleted
 */
export async function bootstrapAdministrator(
  work: Work,
  { email, password }: NewAdministrator,
): Promise<{ email: string; created: boolean }> {
  const { stores, changes, randomBytes } = work;
  const present = await stores.users.findByEmail(email);
  if (present && !isUsable(present)) throw new Error(`${email} belongs to somebody who is locked or deleted.`);
  const passwordHash = password === undefined ? null : await hashPassword(password, randomBytes);
  if (present) {
    const isOfOthers = present.homeOrganizationId !== null && !present.isPlatformAdministrator;
    const lacksPassword = present.passwordHash === null || isOfOthers;
    await changeIdentity(work, present, {
      isPlatformAdministrator: true,
      ...(lacksPassword ? { passwordHash } : {}),
    });
    if (lacksPassword && passwordHash === null) askForPassword(work, email);
    return { email, created: false };
  }
  const administrator = newUser(work, {
    email,
    firstName: 'Platform',
    middleName: null,
    lastName: 'Administrator',
    suffix: null,
    passwordHash,
    isVerified: true,
    isPlatformAdministrator: true,
    homeOrganizationId: null,
  });
  stores.users.create(changes, administrator, 'retry');
  if (passwordHash === null) askForPassword(work, email);
  return { email, created: true };
}

const askForPassword = (work: Work, email: string) => requestLinkUnlimited(work, email, { purpose: 'password-reset' });
