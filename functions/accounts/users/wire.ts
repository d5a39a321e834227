import * as z from 'zod/mini';
import { roleNames, strongestRole } from '../../../shared/domain/access/roles.ts';
import type { Membership } from '../../../shared/domain/member/membership.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';
import { fullName } from '../../../shared/domain/user/user.ts';
import { Account } from '../accounts/wire.ts';

/** A member as this dialect shows it. */
export const AccountUser = z.object({
  id: z.int(),
  name: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
  role: z.enum(roleNames),
  is_active: z.boolean(),
  created_on: z.iso.datetime(),
  /** Null where the member may store any number of bytes. */
  bytes_limit: z.nullable(z.int()),
  bytes_used: z.int(),
});

/** An account with the users that a request has added or changed. */
export const AccountWithUsers = z.extend(Account, { users: z.array(AccountUser) });

export function toAccountUser({
  userId,
  identity,
  roles,
  isActive,
  joinedAt,
  bytesLimit,
  bytesUsed,
}: Membership): z.output<typeof AccountUser> {
  return {
    id: userId,
    name: fullName(identity),
    first_name: identity.firstName,
    last_name: identity.lastName,
    email: identity.email,
    role: strongestRole(roles),
    is_active: isActive,
    created_on: toIso(joinedAt),
    bytes_limit: bytesLimit,
    bytes_used: bytesUsed,
  };
}
