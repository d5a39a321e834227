import type { Permission } from '../../shared/domain/access/permissions.ts';
import type { IconName } from '../components/icon.tsx';

export interface Place {
  /** Below `/o/<id>`; empty for the overview. */
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** Whoever has none of these is not offered it. */
  readonly permissions: readonly Permission[];
}

/** The pages of an organization, in their order. */
export const places: readonly Place[] = [
  { path: '', label: 'Overview', icon: 'overview', permissions: ['organization:read'] },
  { path: 'members', label: 'Members', icon: 'members', permissions: ['members:read'] },
  { path: 'invitations', label: 'Invitations', icon: 'invitations', permissions: ['invitations:write'] },
  { path: 'api-keys', label: 'API keys', icon: 'keys', permissions: ['credentials:write'] },
  { path: 'access-log', label: 'Access log', icon: 'log', permissions: ['logs:read'] },
  { path: 'audit-trail', label: 'Audit trail', icon: 'audit', permissions: ['logs:read'] },
  { path: 'appearance', label: 'Appearance', icon: 'customizations', permissions: ['customizations:read'] },
  { path: 'wallet', label: 'Wallet', icon: 'wallet', permissions: ['wallet:read'] },
  { path: 'settings', label: 'Settings', icon: 'settings', permissions: ['organization:read'] },
];
