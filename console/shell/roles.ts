import { type Permission, permissions } from '../../shared/domain/access/permissions.ts';
import { permissionsOf, type Role, roleNames } from '../../shared/domain/access/roles.ts';

/** How roles are called, and what they are for. */
export const roleTexts: Readonly<Record<Role, { label: string; about: string }>> = {
  OWNER: { label: 'Owner', about: 'Everything, deleting the organization included.' },
  ADMIN: { label: 'Administrator', about: 'Everything but owners and deleting the organization.' },
  CONTRIBUTOR: { label: 'Contributor', about: 'Sees the organization and records usage.' },
  ACCOUNTING: { label: 'Accounting', about: 'Sees the wallet and what was consumed.' },
  VIEWER: { label: 'Viewer', about: 'Sees the organization and its members.' },
};

/** The roles that somebody with these rights may give: none that allows what they may not do themselves. */
export function rolesToGive(held: ReadonlySet<Permission>): readonly Role[] {
  return roleNames.filter((role) => permissions.every((name) => held.has(name) || !permissionsOf([role]).has(name)));
}
