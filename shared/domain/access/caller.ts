import type { Credential } from '../credential/credential.ts';
import { DomainError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { User } from '../user/user.ts';
import type { Role } from './roles.ts';

/** Who is calling: a person with a session, or an organization's credential acting for the person who made it. */
export type Caller =
  | {
      readonly kind: 'session';
      readonly user: User;
      readonly session: Session;
      /** Of which they are a member, where the endpoint has that read with the session (`ownOrganizationIds`). */
      readonly organizationIds?: readonly number[];
    }
  | {
      readonly kind: 'credential';
      readonly user: User;
      readonly credential: Credential;
      /** Those that its maker has in its organization now, inherited ones included. Never empty: without any it is dead. */
      readonly makerRoles: readonly Role[];
    };

/** The caller as a person with a session. @throws `forbidden` for a credential */
export function requireSession(caller: Caller): Extract<Caller, { kind: 'session' }> {
  if (caller.kind === 'session') return caller;
  throw new DomainError('forbidden');
}

/** Whether the caller wields a platform administrator's powers. A credential never does. */
export function isPlatformAdministrator(caller: Caller): boolean {
  return caller.kind === 'session' && caller.user.isPlatformAdministrator;
}

/** Whether the caller may make organizations: every session may, a credential where it was given that by name. */
export function mayCreateOrganizations(caller: Caller): boolean {
  return caller.kind === 'session' || caller.credential.permissions.includes('organization:create');
}
