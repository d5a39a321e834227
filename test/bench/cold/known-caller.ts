import { randomBytes } from 'node:crypto';
import { startSession } from '../../../shared/domain/session/start-session.ts';
import { hashPassword } from '../../../shared/domain/user/password.ts';
import { services } from '../../support/all-services.ts';
import { aCredential, anOrganization, somebody } from '../../support/people-and-organizations.ts';

/** Somebody who may do everything: a platform administrator who owns an organization, with a session and a key of it. */
export interface KnownCaller {
  readonly userId: number;
  readonly email: string;
  readonly password: string;
  readonly organizationId: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** The headers of the organization's key. */
  readonly credential: Readonly<Record<string, string>>;
}

const password = 'Correct horse battery staple 1';
let passwordHash: string | undefined;

/** Writes such a caller, with an organization of its own, into the table that this process is pointed at. */
export async function addKnownCaller(): Promise<KnownCaller> {
  passwordHash ??= await hashPassword(password, randomBytes);
  const user = await somebody({ isPlatformAdministrator: true, passwordHash });
  const organization = await anOrganization(user);
  const { openChanges, commit, now, newId, randomBytes: random, settings, stores } = services();
  const changes = openChanges({ email: user.email, credentialId: null });
  const context = { requestId: 'known-caller', ip: '127.0.0.1', now: now() };
  const { accessToken, refreshToken } = startSession(
    { newId, randomBytes: random, settings, stores, ...context, changes },
    user,
  );
  await commit(changes, context);
  return {
    userId: user.id,
    email: user.email,
    password,
    organizationId: organization.id,
    accessToken,
    refreshToken,
    credential: await aCredential(organization, user),
  };
}
