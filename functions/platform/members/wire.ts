import * as z from 'zod/mini';
import { type Role, roleNames, roles } from '../../../shared/domain/access/roles.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Membership } from '../../../shared/domain/member/membership.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';
import { fullName } from '../../../shared/domain/user/user.ts';

/** A role as this dialect shows it. */
export const PlatformRole = z.object({ id: z.int(), name: z.enum(roleNames) });

export function toPlatformRole(name: Role): z.output<typeof PlatformRole> {
  return { id: roles[name].id, name };
}

/** A member as this dialect shows it. */
export const PlatformMember = z.object({
  id: z.int(),
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  status: z.enum(['active', 'inactive', 'locked']),
  roles: z.array(PlatformRole),
  workspaces: z.array(z.uuid()),
  joinedAt: z.iso.datetime(),
});

/** `isPresent`: which of the workspaces that a membership names are still there. */
export function toPlatformMember(
  { userId, identity, isActive, roles: held, workspaces, joinedAt }: Membership,
  isPresent: (workspaceId: number) => boolean,
): z.output<typeof PlatformMember> {
  return {
    id: userId,
    userId: toUuid('user', userId),
    name: fullName(identity),
    email: identity.email,
    status: identity.isLocked ? 'locked' : isActive ? 'active' : 'inactive',
    roles: held.map(toPlatformRole),
    workspaces: workspaces.filter(isPresent).map((id) => toUuid('workspace', id)),
    joinedAt: toIso(joinedAt),
  };
}
