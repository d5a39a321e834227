import { signal } from '@preact/signals';
import { type Permission, rolePermissions } from '../../shared/domain/access/permissions.ts';
import { permissionsOf, type Role } from '../../shared/domain/access/roles.ts';
import { api } from '../api/api.ts';
import { session } from '../session/session.ts';
import { applyBrand } from '../theme/brand.ts';

/** The organization that is looked at, and what the caller may do in it. */
export interface OpenOrganization {
  /** The number, as in `/o/<id>`. */
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'inactive' | 'suspended';
  readonly statusReason: string | null;
  readonly parentId: string | null;
  readonly avatarUrl: string | null;
  readonly customizations: Readonly<Record<string, unknown>>;
  /** The caller's strongest role; null for a platform administrator who has none here. */
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
}

/** The organization of the page that is shown; nothing on pages without one, and while it is on its way. */
export const openOrganization = signal<OpenOrganization | undefined>(undefined);

/**
 * Opens an organization: reads it and the caller's rights in it, and shows the console in its colour.
 * @throws ApiError `organization_not_found` also where the caller has no business there
 */
export async function readOrganization(id: string, abort?: AbortSignal): Promise<OpenOrganization> {
  const options = { signal: abort };
  const [hierarchy, platform, account] = await Promise.all([
    api('hierarchy.organization.read', { path: { org_id: id } }, options),
    api('platform.organization.read', { path: { organizationId: id } }, options),
    api('accounts.account.read', { path: { organization_id: id } }, options),
  ]);
  const { role } = account.body;
  const organization: OpenOrganization = {
    id,
    name: hierarchy.body.name,
    status: hierarchy.body.status,
    statusReason: platform.body.statusReason,
    parentId: hierarchy.body.parent_org_id?.replace(/^org-/, '') ?? null,
    avatarUrl: platform.body.avatarUrl,
    customizations: hierarchy.body.customizations,
    role,
    permissions: permissionsIn(id, role),
  };
  showOrganization(organization);
  return organization;
}

/** Shows the console as that of an organization: its name, its logo, its colour. */
export function showOrganization(organization: OpenOrganization): void {
  openOrganization.value = organization;
  const color = organization.customizations.branding_color;
  applyBrand(typeof color === 'string' ? color : undefined);
}

/** Leaves the organization that is looked at. */
export function closeOrganization(): void {
  openOrganization.value = undefined;
  applyBrand(undefined);
}

/** Whether the caller may do something in the organization that is looked at. */
export function may(permission: Permission): boolean {
  return openOrganization.value?.permissions.has(permission) ?? false;
}

/** Whether the caller may change something: nothing is changed in an organization that is not active. */
export function mayChange(permission: Permission): boolean {
  return may(permission) && openOrganization.value?.status === 'active';
}

/** The same union as the service makes: of the roles held here, and the strongest that is inherited. */
function permissionsIn(id: string, strongest: Role | null): ReadonlySet<Permission> {
  const { user, memberships = [] } = session.peek() ?? {};
  if (user?.platform_admin) return new Set(rolePermissions);
  const own = memberships.find(({ organization_id: of, is_active: isActive }) => isActive && String(of) === id);
  const held = [...((own?.roles ?? []) as readonly Role[]), ...(strongest === null ? [] : [strongest])];
  return permissionsOf(held);
}
