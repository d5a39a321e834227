import { requestLinkUnlimited } from '../link/request-link.ts';
import type { Work } from '../work.ts';
import { hashPassword, passwordNonceBytes } from './password.ts';
import type { User } from './user.ts';

/** Who is to administrate the platform. Without a password, a mail lets them choose one. */
export interface NewAdministrator {
  readonly email: string;
  readonly password?: string | undefined;
}

/**
 * Makes a platform administrator: a person without a home organization, verified by whoever may run the command. One
 * who is there already stays as they are; so the command can be run any number of times.
 */
export async function bootstrapAdministrator(
  work: Work,
  { email, password }: NewAdministrator,
): Promise<{ email: string; created: boolean }> {
  const { stores, changes, now } = work;
  const present = await stores.users.findByEmail(email);
  if (present) {
    if (!present.isPlatformAdministrator) stores.users.change(changes, present, { isPlatformAdministrator: true });
    if (present.passwordHash === null && password === undefined)
      requestLinkUnlimited(work, email, { purpose: 'password-reset' });
    return { email, created: false };
  }
  const passwordHash =
    password === undefined ? null : await hashPassword(password, work.randomBytes(passwordNonceBytes));
  const administrator: User = {
    id: work.newId(),
    email,
    firstName: 'Platform',
    middleName: null,
    lastName: 'Administrator',
    suffix: null,
    passwordHash,
    isVerified: true,
    isLocked: false,
    deletedAt: null,
    isPlatformAdministrator: true,
    homeOrganizationId: null,
    sessionEpoch: 1,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  stores.users.create(changes, administrator, 'retry');
  if (passwordHash === null) requestLinkUnlimited(work, email, { purpose: 'password-reset' });
  return { email, created: true };
}
