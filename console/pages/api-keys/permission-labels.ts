import type { Permission } from '../../../shared/domain/access/permissions.ts';

/** What each permission lets an API key do, for a person. */
export const permissionLabels: Readonly<Record<Permission, string>> = {
  'organization:read': 'See the organization',
  'organization:update': 'Change and move the organization',
  'organization:delete': 'Delete the organization',
  'organization:create': 'Create organizations',
  'children:create': 'Place organizations below it',
  'members:read': 'See members',
  'members:write': 'Add, change and remove members',
  'owners:write': 'Add, change and remove owners',
  'invitations:write': 'Invite people',
  'credentials:write': 'Make and delete API keys',
  'customizations:read': 'See customizations',
  'customizations:write': 'Change customizations',
  'logs:read': 'Read the access log and the audit trail',
  'consumption:read': 'Read the consumption',
  'usage:write': 'Report usage',
  'wallet:read': 'See wallet and ledger',
  'metrics:read': 'Read the metrics',
};
