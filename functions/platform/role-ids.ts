import * as z from 'zod/mini';
import { type Role, roleById, sortRoles } from '../../shared/domain/access/roles.ts';

/** How many roles a request may name, duplicates included. */
const roleIdsMax = 50;

const roleId = z.pipe(
  z.int(),
  z.transform((id, context) => {
    const role = roleById(id);
    if (role) return role;
    context.issues.push({ code: 'custom', input: id, message: `There is no role ${id}.` });
    return z.NEVER;
  }),
);

/** A non-empty list of role ids, read into the set of roles, the strongest first. */
export const roleIds = z.pipe(
  z.array(roleId).check(z.minLength(1), z.maxLength(roleIdsMax)),
  z.transform((named: Role[]) => sortRoles(named)),
);
