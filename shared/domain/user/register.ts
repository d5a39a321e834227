import { DomainError } from '../errors.ts';
import { requestLink } from '../link/request-link.ts';
import type { Work } from '../work.ts';
import { hashPassword } from './password.ts';

/** Who registers. */
export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
}

/**
 * Notes a registration. There is no account before the mailed link is followed, and nothing here depends on whether the
 * address is known.
 * @throws `registration_closed`
 */
export async function register(work: Work, { email, password, firstName, lastName }: Registration): Promise<void> {
  if (!work.settings.isSignUpOpen) throw new DomainError('registration_closed');
  const passwordHash = await hashPassword(password, work.randomBytes);
  await requestLink(work, email, { purpose: 'registration', firstName, lastName, passwordHash });
}
