// Written by `npm run docs` from the OpenAPI document.

/** Where each operation is: method and path; `once` where it takes an Idempotency-Key, `form` where a form. */
export const routes = {
  'accounts.account.create': 'POST /organizations once',
  'accounts.account.delete': 'DELETE /organizations/{organization_id}',
  'accounts.account.leave': 'POST /organizations/{organization_id}/leave',
  'accounts.account.leave_by_get': 'GET /organizations/{organization_id}/leave',
  'accounts.account.list': 'GET /organizations',
  'accounts.account.read': 'GET /organizations/{organization_id}',
  'accounts.account.role': 'GET /organizations/{organization_id}/role',
  'accounts.account.summary': 'GET /organizations/{organization_id}/summary',
  'accounts.account.update': 'PUT /organizations',
  'accounts.user.add': 'POST /organizations/{organization_id}/users once',
  'accounts.user.list': 'GET /organizations/{organization_id}/users',
  'accounts.user.remove': 'DELETE /organizations/{organization_id}/users/{user_ids}',
  'accounts.user.update': 'PUT /organizations/{organization_id}/users',
  'auth.email.change': 'POST /auth/email/change',
  'auth.health.read': 'GET /health',
  'auth.me.read': 'GET /auth/me',
  'auth.me.update': 'PATCH /auth/me',
  'auth.openapi.read': 'GET /openapi.json',
  'auth.password.change': 'POST /auth/password/change',
  'auth.password.forgot': 'POST /auth/password/forgot',
  'auth.password.reset': 'POST /auth/password/reset',
  'auth.registration.create': 'POST /auth/register',
  'auth.registration.verify': 'POST /auth/verify',
  'auth.session.login': 'POST /auth/login',
  'auth.session.logout': 'POST /auth/logout',
  'auth.session.refresh': 'POST /auth/refresh',
  'hierarchy.access_log.list': 'GET /orgs/{org_id}/access_log',
  'hierarchy.api_key.create': 'POST /orgs/{org_id}/api_keys once',
  'hierarchy.api_key.delete': 'DELETE /orgs/{org_id}/api_keys/{key_id}',
  'hierarchy.api_key.list': 'GET /orgs/{org_id}/api_keys',
  'hierarchy.api_key.rotate': 'POST /orgs/{org_id}/api_keys/{key_id}/rotate once',
  'hierarchy.child.create': 'POST /orgs/{org_id}/children once',
  'hierarchy.child.list': 'GET /orgs/{org_id}/children',
  'hierarchy.children_audit.list': 'GET /orgs/{org_id}/children_audit',
  'hierarchy.consumption.read': 'GET /orgs/{org_id}/consumption',
  'hierarchy.customizations.read': 'GET /orgs/{org_id}/customizations',
  'hierarchy.customizations.replace': 'PUT /orgs/{org_id}/customizations',
  'hierarchy.organization.delete': 'DELETE /orgs/{org_id}',
  'hierarchy.organization.read': 'GET /orgs/{org_id}',
  'hierarchy.organization.update': 'PATCH /orgs/{org_id}',
  'hierarchy.tags.read': 'GET /orgs/{org_id}/tags',
  'hierarchy.tags.replace': 'PUT /orgs/{org_id}/tags',
  'hierarchy.usage_event.create': 'POST /orgs/{org_id}/usage_events once',
  'organization-admin.member.create': 'POST /clients/v1/organization-admin/members/create once',
  'organization-admin.member.limit': 'PUT /clients/v1/organization-admin/users/{user}/limits/update',
  'organization-admin.member.limit.2': 'PUT /clients/v1/organization-admin/members/{user}/limits/update',
  'organization-admin.member.list': 'GET /clients/v1/organization-admin/members/list',
  'organization-admin.member.read': 'GET /clients/v1/organization-admin/members/{user}/read',
  'organization-admin.member.remove': 'DELETE /clients/v1/organization-admin/members/{userID}/remove',
  'organization-admin.member.search': 'GET /clients/v1/organization-admin/members/search',
  'organization-admin.member.update': 'PUT /clients/v1/organization-admin/members/{user}/update',
  'organization-admin.metrics.collect': 'GET /clients/v1/organization-admin/dashboard/collect-metrics',
  'organization-admin.organization.read': 'GET /clients/v1/organization-admin/organization/read',
  'organization-admin.organization.update': 'PUT /clients/v1/organization-admin/organization/update',
  'platform.avatar.upload': 'POST /api/organizations/{organization}/upload-avatar form',
  'platform.invitation.accept': 'POST /api/organizations/invite/{inviteToken}/accept',
  'platform.invitation.create': 'POST /api/organizations/{organizationId}/invite once',
  'platform.invitation.create_many': 'POST /api/organizations/{organizationId}/invitations once',
  'platform.invitation.list': 'GET /api/organizations/{organizationId}/invitations',
  'platform.invitation.read': 'GET /api/organizations/invite/{inviteToken}',
  'platform.invitation.resend': 'POST /api/organizations/{organizationId}/invitations/{invitationId}/resend once',
  'platform.invitation.revoke': 'DELETE /api/organizations/{organizationId}/invitations/{invitationId}',
  'platform.member.delete': 'DELETE /api/organizations/{organizationId}/members/{memberId}',
  'platform.member.list': 'GET /api/organizations/{organizationId}/members',
  'platform.member.update': 'PUT /api/organizations/{organizationId}/members/{memberId}',
  'platform.organization.create': 'POST /api/organizations once',
  'platform.organization.read': 'GET /api/organizations/{organizationId}',
  'platform.organization.restore': 'POST /api/admin/organizations/{organization}/restore',
  'platform.organization.update': 'PATCH /api/organizations/{organizationId}',
  'platform.role.list': 'GET /api/organizations/{organizationId}/iam-roles',
  'platform.wallet.charge': 'POST /api/admin/organizations/{organization}/charge once',
  'platform.wallet.credit': 'POST /api/admin/organizations/{organization}/credit once',
  'platform.wallet.read': 'GET /api/organizations/{organizationId}/wallet',
  'platform.wallet.transactions': 'GET /api/organizations/{organizationId}/wallet/transactions',
  'platform.workspace.create': 'POST /api/organizations/{organizationId}/workspaces once',
  'platform.workspace.delete': 'DELETE /api/organizations/{organizationId}/workspaces/{workspaceId}',
  'platform.workspace.list': 'GET /api/organizations/{organizationId}/workspaces',
  'platform.workspace.read': 'GET /api/organizations/{organizationId}/workspaces/{workspaceId}',
  'platform.workspace.update': 'PATCH /api/organizations/{organizationId}/workspaces/{workspaceId}',
} as const;

/** The machine-readable word of a refusal. */
export type ErrorCode =
  | 'already_made'
  | 'already_member'
  | 'ambiguous_credentials'
  | 'credential_not_found'
  | 'domain_taken'
  | 'email_taken'
  | 'forbidden'
  | 'has_children'
  | 'hierarchy_cycle'
  | 'hierarchy_too_deep'
  | 'idempotency_key_reused'
  | 'identity_managed_elsewhere'
  | 'insufficient_balance'
  | 'internal'
  | 'invalid_request'
  | 'invitation_gone'
  | 'invitation_not_found'
  | 'invitation_not_pending'
  | 'invitation_quota_reached'
  | 'last_owner'
  | 'limit_reached'
  | 'link_gone'
  | 'member_not_found'
  | 'membership_inactive'
  | 'membership_required'
  | 'not_deleted'
  | 'organization_not_active'
  | 'organization_not_found'
  | 'parent_deleted'
  | 'payload_too_large'
  | 'precondition_failed'
  | 'rate_limited'
  | 'registration_closed'
  | 'too_many_attempts'
  | 'unauthorized'
  | 'unavailable'
  | 'unsupported_media_type'
  | 'user_not_found'
  | 'workspace_name_taken'
  | 'workspace_not_found'
  | 'wrong_password';

/** What each operation takes and answers. */
export interface Operations {
  /** Create a new account. */
  'accounts.account.create': {
    body: {
      readonly organization_name: string;
    };
    answer: {
      readonly id: number;
      readonly organization_name: string;
      readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER' | null;
      readonly is_active: boolean;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_id: number | null;
      readonly created_on: string;
    };
  };
  /** Delete account with ID. */
  'accounts.account.delete': {
    path: { organization_id: string | number };
    answer: undefined;
  };
  /** Remove the currently logged-in user from an account. */
  'accounts.account.leave': {
    path: { organization_id: string | number };
    answer: {
      readonly message: string;
    };
  };
  /** Remove the currently logged-in user from an account (POST is the safer twin). */
  'accounts.account.leave_by_get': {
    path: { organization_id: string | number };
    answer: {
      readonly message: string;
    };
  };
  /** List the current user's accounts. */
  'accounts.account.list': {
    answer: ReadonlyArray<{
      readonly id: number;
      readonly organization_name: string;
      readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER' | null;
      readonly is_active: boolean;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_id: number | null;
      readonly created_on: string;
    }>;
  };
  /** Get existing account with account ID. */
  'accounts.account.read': {
    path: { organization_id: string | number };
    answer: {
      readonly id: number;
      readonly organization_name: string;
      readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER' | null;
      readonly is_active: boolean;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_id: number | null;
      readonly created_on: string;
    };
  };
  /** Get the current user's role within an account. */
  'accounts.account.role': {
    path: { organization_id: string | number };
    answer: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
  };
  /** Get an account's summary. */
  'accounts.account.summary': {
    path: { organization_id: string | number };
    answer: ReadonlyArray<{
      readonly metric: string;
      readonly value: number | null;
      readonly unit: string;
    }>;
  };
  /** Update existing account. */
  'accounts.account.update': {
    body: {
      readonly id: string | number;
      readonly organization_name: string;
    };
    answer: {
      readonly id: number;
      readonly organization_name: string;
      readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER' | null;
      readonly is_active: boolean;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_id: number | null;
      readonly created_on: string;
    };
  };
  /** Add users to an account. */
  'accounts.user.add': {
    path: { organization_id: string | number };
    body: {
      readonly is_active: boolean;
      readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
      readonly user_ids: ReadonlyArray<string | number>;
    };
    answer: {
      readonly id: number;
      readonly organization_name: string;
      readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER' | null;
      readonly is_active: boolean;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_id: number | null;
      readonly created_on: string;
      readonly users: ReadonlyArray<{
        readonly id: number;
        readonly name: string;
        readonly first_name: string;
        readonly last_name: string;
        readonly email: string;
        readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
        readonly is_active: boolean;
        readonly created_on: string;
        readonly bytes_limit: number | null;
        readonly bytes_used: number;
      }>;
    };
  };
  /** Get the list of users in an account. */
  'accounts.user.list': {
    path: { organization_id: string | number };
    query?: {
      page_number?: string | number | undefined;
      page_size?: string | number | undefined;
      sort_by?: 'created_on' | 'name' | 'email' | 'role' | undefined;
      sort_ascending?: boolean | undefined;
      search?: string | number | undefined;
    };
    answer: {
      readonly content: ReadonlyArray<{
        readonly id: number;
        readonly name: string;
        readonly first_name: string;
        readonly last_name: string;
        readonly email: string;
        readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
        readonly is_active: boolean;
        readonly created_on: string;
        readonly bytes_limit: number | null;
        readonly bytes_used: number;
      }>;
      readonly page_number: number;
      readonly page_size: number;
      readonly total_elements: number;
      readonly total_pages: number;
    };
  };
  /** Remove users from an account. */
  'accounts.user.remove': {
    path: { organization_id: string | number; user_ids: string | number };
    answer: undefined;
  };
  /** Update account users. */
  'accounts.user.update': {
    path: { organization_id: string | number };
    body: {
      readonly is_active: boolean;
      readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
      readonly user_ids: ReadonlyArray<string | number>;
    };
    answer: {
      readonly id: number;
      readonly organization_name: string;
      readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER' | null;
      readonly is_active: boolean;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_id: number | null;
      readonly created_on: string;
      readonly users: ReadonlyArray<{
        readonly id: number;
        readonly name: string;
        readonly first_name: string;
        readonly last_name: string;
        readonly email: string;
        readonly role: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
        readonly is_active: boolean;
        readonly created_on: string;
        readonly bytes_limit: number | null;
        readonly bytes_used: number;
      }>;
    };
  };
  /** Ask to change the email address. */
  'auth.email.change': {
    body: {
      readonly email: string;
      readonly password: string;
    };
    answer: {
      readonly message: string;
    };
  };
  /** Say that the service is there. */
  'auth.health.read': {
    answer: {
      readonly status: 'ok';
    };
  };
  /** Read who is signed in. */
  'auth.me.read': {
    answer: {
      readonly user: {
        readonly id: number;
        readonly email: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly is_verified: boolean;
        readonly platform_admin: boolean;
        readonly home_organization_id: number | null;
      };
      readonly memberships: ReadonlyArray<{
        readonly organization_id: number;
        readonly organization_name: string;
        readonly roles: ReadonlyArray<'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER'>;
        readonly is_active: boolean;
      }>;
    };
  };
  /** Change one's own names. */
  'auth.me.update': {
    body: {
      readonly first_name?: string;
      readonly middle_name?: string | null;
      readonly last_name?: string;
      readonly suffix?: string | null;
    };
    answer: {
      readonly id: number;
      readonly email: string;
      readonly first_name: string;
      readonly middle_name: string | null;
      readonly last_name: string;
      readonly suffix: string | null;
      readonly is_verified: boolean;
      readonly platform_admin: boolean;
      readonly home_organization_id: number | null;
    };
  };
  /** The OpenAPI 3.1 document of everything. */
  'auth.openapi.read': {
    answer: Readonly<Record<string, unknown>>;
  };
  /** Change the password. */
  'auth.password.change': {
    body: {
      readonly current_password: string;
      readonly password: string;
    };
    answer: {
      readonly user: {
        readonly id: number;
        readonly email: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly is_verified: boolean;
        readonly platform_admin: boolean;
        readonly home_organization_id: number | null;
      };
    };
  };
  /** Ask for a new password. */
  'auth.password.forgot': {
    body: {
      readonly email: string;
    };
    answer: {
      readonly message: string;
    };
  };
  /** Choose a new password. */
  'auth.password.reset': {
    body: {
      readonly token: string;
      readonly password: string;
    };
    answer: {
      readonly user: {
        readonly id: number;
        readonly email: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly is_verified: boolean;
        readonly platform_admin: boolean;
        readonly home_organization_id: number | null;
      };
    };
  };
  /** Register. */
  'auth.registration.create': {
    body: {
      readonly email: string;
      readonly password: string;
      readonly first_name: string;
      readonly last_name: string;
    };
    answer: {
      readonly message: string;
    };
  };
  /** Confirm an email address. */
  'auth.registration.verify': {
    body: {
      readonly token: string;
    };
    answer: {
      readonly user: {
        readonly id: number;
        readonly email: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly is_verified: boolean;
        readonly platform_admin: boolean;
        readonly home_organization_id: number | null;
      };
    };
  };
  /** Sign in with email and password. */
  'auth.session.login': {
    body: {
      readonly email: string;
      readonly password: string;
    };
    answer: {
      readonly access_token: string;
      readonly refresh_token: string;
      readonly token_type: 'Bearer';
      readonly expires_in: number;
      readonly user: {
        readonly id: number;
        readonly email: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly is_verified: boolean;
        readonly platform_admin: boolean;
        readonly home_organization_id: number | null;
      };
    };
  };
  /** Sign out. */
  'auth.session.logout': {
    answer: undefined;
  };
  /** Exchange a refresh token for a new pair of tokens. */
  'auth.session.refresh': {
    body: {
      readonly refresh_token: string;
    };
    answer: {
      readonly access_token: string;
      readonly refresh_token: string;
      readonly token_type: 'Bearer';
      readonly expires_in: number;
      readonly user: {
        readonly id: number;
        readonly email: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly is_verified: boolean;
        readonly platform_admin: boolean;
        readonly home_organization_id: number | null;
      };
    };
  };
  /** Read the access log. */
  'hierarchy.access_log.list': {
    path: { org_id: string | number };
    query?: {
      start?: string | number | undefined;
      end?: string | number | undefined;
      user?: string | number | undefined;
      action?: string | number | undefined;
      status?: 'SUCCESS' | 'DENIED' | 'FAILURE' | undefined;
      limit?: string | number | undefined;
      cursor?: string | number | undefined;
    };
    answer: ReadonlyArray<{
      readonly id: string;
      readonly org_id: string;
      readonly timestamp: string;
      readonly user: string;
      readonly action: string;
      readonly status: 'SUCCESS' | 'DENIED' | 'FAILURE';
      readonly ip: string;
      readonly method: string;
      readonly path: string;
      readonly request_id: string;
    }>;
  };
  /** Create an API key. */
  'hierarchy.api_key.create': {
    path: { org_id: string | number };
    body: {
      readonly name: string;
      readonly permissions?: ReadonlyArray<'organization:read' | 'organization:update' | 'organization:delete' | 'organization:create' | 'children:create' | 'members:read' | 'members:write' | 'owners:write' | 'invitations:write' | 'credentials:write' | 'customizations:read' | 'customizations:write' | 'logs:read' | 'consumption:read' | 'usage:write' | 'wallet:read' | 'metrics:read'>;
      readonly expires_at?: string | null;
    };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly permissions: ReadonlyArray<'organization:read' | 'organization:update' | 'organization:delete' | 'organization:create' | 'children:create' | 'members:read' | 'members:write' | 'owners:write' | 'invitations:write' | 'credentials:write' | 'customizations:read' | 'customizations:write' | 'logs:read' | 'consumption:read' | 'usage:write' | 'wallet:read' | 'metrics:read'>;
      readonly created_at: string;
      readonly expires_at: string | null;
      readonly last_used_at: string | null;
      readonly client_id: string;
      readonly client_secret: string;
      readonly api_key: string;
    };
  };
  /** Delete an API key. */
  'hierarchy.api_key.delete': {
    path: { org_id: string | number; key_id: string | number };
    answer: undefined;
  };
  /** List the API keys. */
  'hierarchy.api_key.list': {
    path: { org_id: string | number };
    answer: ReadonlyArray<{
      readonly id: string;
      readonly name: string;
      readonly permissions: ReadonlyArray<'organization:read' | 'organization:update' | 'organization:delete' | 'organization:create' | 'children:create' | 'members:read' | 'members:write' | 'owners:write' | 'invitations:write' | 'credentials:write' | 'customizations:read' | 'customizations:write' | 'logs:read' | 'consumption:read' | 'usage:write' | 'wallet:read' | 'metrics:read'>;
      readonly created_at: string;
      readonly expires_at: string | null;
      readonly last_used_at: string | null;
    }>;
  };
  /** Rotate the secret of an API key. */
  'hierarchy.api_key.rotate': {
    path: { org_id: string | number; key_id: string | number };
    body?: {
      readonly overlap_seconds?: number;
    };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly permissions: ReadonlyArray<'organization:read' | 'organization:update' | 'organization:delete' | 'organization:create' | 'children:create' | 'members:read' | 'members:write' | 'owners:write' | 'invitations:write' | 'credentials:write' | 'customizations:read' | 'customizations:write' | 'logs:read' | 'consumption:read' | 'usage:write' | 'wallet:read' | 'metrics:read'>;
      readonly created_at: string;
      readonly expires_at: string | null;
      readonly last_used_at: string | null;
      readonly client_id: string;
      readonly client_secret: string;
      readonly api_key: string;
    };
  };
  /** Create a child organization. */
  'hierarchy.child.create': {
    path: { org_id: string | number };
    body: {
      readonly name: string;
    };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_org_id: string | null;
      readonly root_org_id: string;
      readonly created_at: string;
      readonly updated_at: string;
      readonly customizations: Readonly<Record<string, unknown>>;
    };
  };
  /** List the child organizations. */
  'hierarchy.child.list': {
    path: { org_id: string | number };
    query?: {
      page?: string | number | undefined;
      limit?: string | number | undefined;
    };
    answer: {
      readonly children: ReadonlyArray<{
        readonly id: string;
        readonly name: string;
        readonly status: 'active' | 'inactive' | 'suspended';
        readonly parent_org_id: string | null;
        readonly root_org_id: string;
        readonly created_at: string;
        readonly updated_at: string;
        readonly customizations: Readonly<Record<string, unknown>>;
      }>;
      readonly page: number;
      readonly limit: number;
      readonly total: number;
    };
  };
  /** Read the audit trail of the organization and all below it. */
  'hierarchy.children_audit.list': {
    path: { org_id: string | number };
    query?: {
      start?: string | number | undefined;
      end?: string | number | undefined;
      admin?: string | number | undefined;
      action?: 'insert' | 'update' | 'delete' | undefined;
      entity?: 'organization' | 'member' | 'invitation' | 'workspace' | 'customizations' | 'credential' | 'wallet' | 'limit' | undefined;
      org_id?: string | number | undefined;
      limit?: string | number | undefined;
      cursor?: string | number | undefined;
    };
    answer: ReadonlyArray<{
      readonly id: string;
      readonly org_id: string;
      readonly timestamp: string;
      readonly admin: string;
      readonly credential: string | null;
      readonly action: 'insert' | 'update' | 'delete';
      readonly entity: 'organization' | 'member' | 'invitation' | 'workspace' | 'customizations' | 'credential' | 'wallet' | 'limit';
      readonly entity_id: string;
      readonly old_data: Readonly<Record<string, unknown>> | null;
      readonly new_data: Readonly<Record<string, unknown>> | null;
      readonly ip: string;
      readonly request_id: string;
    }>;
  };
  /** Read the consumption of a month. */
  'hierarchy.consumption.read': {
    path: { org_id: string | number };
    query?: {
      month?: string | number | undefined;
      include_children?: boolean | undefined;
      cursor?: string | number | undefined;
    };
    answer: {
      readonly org_id: string;
      readonly month: string;
      readonly api_calls: number;
      readonly storage_used: number;
      readonly emails_sent: number;
      readonly sms_points_used: number;
      readonly wallet_charged: number;
      readonly active_members: number;
      readonly meters: Readonly<Record<string, number>>;
      readonly adjustments: ReadonlyArray<{
        readonly id: string;
        readonly meter: string;
        readonly quantity: number;
        readonly timestamp: string;
        readonly received_at: string;
      }>;
      readonly as_of: string | null;
    };
  };
  /** Retrieve the customizations. */
  'hierarchy.customizations.read': {
    path: { org_id: string | number };
    answer: Readonly<Record<string, unknown>>;
  };
  /** Replace the customizations. */
  'hierarchy.customizations.replace': {
    path: { org_id: string | number };
    body: {
      readonly customizations: unknown;
    };
    answer: {
      readonly message: string;
      readonly customizations: Readonly<Record<string, unknown>>;
    };
  };
  /** Delete an organization. */
  'hierarchy.organization.delete': {
    path: { org_id: string | number };
    query?: {
      cascade?: boolean | undefined;
    };
    answer: {
      readonly message: string;
    };
  };
  /** Retrieve an organization. */
  'hierarchy.organization.read': {
    path: { org_id: string | number };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_org_id: string | null;
      readonly root_org_id: string;
      readonly created_at: string;
      readonly updated_at: string;
      readonly customizations: Readonly<Record<string, unknown>>;
    };
  };
  /** Update an organization. */
  'hierarchy.organization.update': {
    path: { org_id: string | number };
    body: {
      readonly name?: string;
      readonly customizations?: unknown;
      readonly parent_org_id?: string | number | null;
    };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly parent_org_id: string | null;
      readonly root_org_id: string;
      readonly created_at: string;
      readonly updated_at: string;
      readonly customizations: Readonly<Record<string, unknown>>;
    };
  };
  /** Retrieve the tags. */
  'hierarchy.tags.read': {
    path: { org_id: string | number };
    answer: ReadonlyArray<string>;
  };
  /** Replace the tags. */
  'hierarchy.tags.replace': {
    path: { org_id: string | number };
    body: {
      readonly tags: ReadonlyArray<string>;
    };
    answer: ReadonlyArray<string>;
  };
  /** Record usage. */
  'hierarchy.usage_event.create': {
    path: { org_id: string | number };
    body: {
      readonly events: ReadonlyArray<{
        readonly id: string;
        readonly meter: string;
        readonly quantity: number;
        readonly timestamp: string;
        readonly user_id?: string | number | null;
      }>;
    };
    answer: {
      readonly results: ReadonlyArray<{
        readonly id: string;
        readonly status: 'accepted' | 'duplicate' | 'rejected';
        readonly code?: 'limit_exceeded' | 'below_zero';
        readonly message?: string;
      }>;
    };
  };
  /** Create member. */
  'organization-admin.member.create': {
    body: {
      readonly first_name: string;
      readonly middle_name?: string | null;
      readonly last_name: string;
      readonly suffix?: string | null;
      readonly email: string;
      readonly password: string;
      readonly confirm_password: string;
      readonly role: 'organization_owner' | 'organization_admin' | 'organization_user' | 'organization_accounting' | 'organization_viewer';
    };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly email: string;
        readonly role: 'organization_owner' | 'organization_admin' | 'organization_user' | 'organization_accounting' | 'organization_viewer';
        readonly is_verified: boolean;
        readonly is_locked: boolean;
        readonly is_deleted: boolean;
        readonly bytes_limit: number | null;
        readonly bytes_used: number;
        readonly created_at: string;
        readonly updated_at: string;
      };
    };
  };
  /** Update user limit. */
  'organization-admin.member.limit': {
    path: { user: string | number };
    body: {
      readonly bytes_limit: number;
    };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly user_id: string;
        readonly bytes_limit: number;
        readonly bytes_used: number;
      };
    };
  };
  /** Update user limit. */
  'organization-admin.member.limit.2': {
    path: { user: string | number };
    body: {
      readonly bytes_limit: number;
    };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly user_id: string;
        readonly bytes_limit: number;
        readonly bytes_used: number;
      };
    };
  };
  /** List members. */
  'organization-admin.member.list': {
    query?: {
      page?: string | number | undefined;
      limit?: string | number | undefined;
    };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly members: ReadonlyArray<{
          readonly id: string;
          readonly first_name: string;
          readonly middle_name: string | null;
          readonly last_name: string;
          readonly suffix: string | null;
          readonly email: string;
          readonly role: 'organization_owner' | 'organization_admin' | 'organization_user' | 'organization_accounting' | 'organization_viewer';
          readonly is_verified: boolean;
          readonly is_locked: boolean;
          readonly is_deleted: boolean;
          readonly bytes_limit: number | null;
          readonly bytes_used: number;
          readonly created_at: string;
          readonly updated_at: string;
        }>;
        readonly meta: {
          readonly page: number;
          readonly limit: number;
          readonly total: number;
          readonly total_pages: number;
        };
      };
    };
  };
  /** Read member. */
  'organization-admin.member.read': {
    path: { user: string | number };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly email: string;
        readonly role: 'organization_owner' | 'organization_admin' | 'organization_user' | 'organization_accounting' | 'organization_viewer';
        readonly is_verified: boolean;
        readonly is_locked: boolean;
        readonly is_deleted: boolean;
        readonly bytes_limit: number | null;
        readonly bytes_used: number;
        readonly created_at: string;
        readonly updated_at: string;
      };
    };
  };
  /** Remove member. */
  'organization-admin.member.remove': {
    path: { userID: string | number };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: null;
    };
  };
  /** Search members by email. */
  'organization-admin.member.search': {
    query: {
      email: string | number;
    };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly members: ReadonlyArray<{
          readonly id: string;
          readonly first_name: string;
          readonly middle_name: string | null;
          readonly last_name: string;
          readonly suffix: string | null;
          readonly email: string;
          readonly role: 'organization_owner' | 'organization_admin' | 'organization_user' | 'organization_accounting' | 'organization_viewer';
          readonly is_verified: boolean;
          readonly is_locked: boolean;
          readonly is_deleted: boolean;
          readonly bytes_limit: number | null;
          readonly bytes_used: number;
          readonly created_at: string;
          readonly updated_at: string;
        }>;
      };
    };
  };
  /** Update member. */
  'organization-admin.member.update': {
    path: { user: string | number };
    body: {
      readonly first_name?: string;
      readonly middle_name?: string | null;
      readonly last_name?: string;
      readonly suffix?: string | null;
      readonly email?: string;
      readonly password?: string;
      readonly is_verified?: boolean;
      readonly is_locked?: boolean;
      readonly is_deleted?: boolean;
    };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly first_name: string;
        readonly middle_name: string | null;
        readonly last_name: string;
        readonly suffix: string | null;
        readonly email: string;
        readonly role: 'organization_owner' | 'organization_admin' | 'organization_user' | 'organization_accounting' | 'organization_viewer';
        readonly is_verified: boolean;
        readonly is_locked: boolean;
        readonly is_deleted: boolean;
        readonly bytes_limit: number | null;
        readonly bytes_used: number;
        readonly created_at: string;
        readonly updated_at: string;
      };
    };
  };
  /** Collect metrics. */
  'organization-admin.metrics.collect': {
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly members: {
          readonly total: number;
          readonly active: number;
          readonly verified: number;
          readonly locked: number;
          readonly pending_invitations: number;
        };
        readonly storage: {
          readonly bytes_limit: number | null;
          readonly bytes_used: number;
        };
        readonly api_calls: {
          readonly today: number;
          readonly this_month: number;
        };
        readonly sign_ins: {
          readonly last_24_hours: {
            readonly succeeded: number;
            readonly failed: number;
          };
        };
        readonly wallet: {
          readonly balance: number;
          readonly sms_points: number;
        };
        readonly children: {
          readonly total: number;
        };
        readonly collected_at: string;
      };
    };
  };
  /** Read organization. */
  'organization-admin.organization.read': {
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly name: string;
        readonly domain: string | null;
        readonly contact: string | null;
        readonly parent_id: string | null;
        readonly status: 'active' | 'inactive' | 'suspended';
        readonly created_at: string;
        readonly updated_at: string;
      };
    };
  };
  /** Update organization. */
  'organization-admin.organization.update': {
    body: {
      readonly name?: string;
      readonly domain?: string | null;
      readonly contact?: string | null;
      readonly parent_id?: string | number | null;
    };
    answer: {
      readonly status: 'success';
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly name: string;
        readonly domain: string | null;
        readonly contact: string | null;
        readonly parent_id: string | null;
        readonly status: 'active' | 'inactive' | 'suspended';
        readonly created_at: string;
        readonly updated_at: string;
      };
    };
  };
  /** Upload media for an organization. */
  'platform.avatar.upload': {
    path: { organization: string | number };
    body: {
      readonly file: Blob;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly avatarUrl: string;
      };
    };
  };
  /** Accept the invitation and set the password. */
  'platform.invitation.accept': {
    path: { inviteToken: string | number };
    body?: {
      readonly password?: string;
      readonly password_confirmation?: string;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: null;
    };
  };
  /** Invite a new user to the organization. */
  'platform.invitation.create': {
    path: { organizationId: string | number };
    body: {
      readonly email: string;
      readonly name?: string;
      readonly roles?: ReadonlyArray<number>;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly email: string;
        readonly name: string;
        readonly roles: ReadonlyArray<number>;
        readonly status: 'pending' | 'sent' | 'bounced' | 'accepted' | 'revoked' | 'expired';
        readonly invitedBy: string;
        readonly createdAt: string;
        readonly sentAt: string | null;
        readonly expiresAt: string;
      };
    };
  };
  /** Invite many users to the organization. */
  'platform.invitation.create_many': {
    path: { organizationId: string | number };
    body: {
      readonly invitations: ReadonlyArray<{
        readonly email: string;
        readonly name?: string;
        readonly roles?: ReadonlyArray<number>;
      }>;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: ReadonlyArray<{
        readonly email: string;
        readonly status: 'created' | 'failed';
        readonly id?: string;
        readonly code?: string;
        readonly message?: string;
        readonly errors?: Readonly<Record<string, ReadonlyArray<string>>>;
      }>;
    };
  };
  /** List the invitations of an organization. */
  'platform.invitation.list': {
    path: { organizationId: string | number };
    query?: {
      page?: string | number | undefined;
      per_page?: string | number | undefined;
      status?: 'pending' | 'sent' | 'bounced' | 'accepted' | 'revoked' | 'expired' | undefined;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: ReadonlyArray<{
        readonly id: string;
        readonly email: string;
        readonly name: string;
        readonly roles: ReadonlyArray<number>;
        readonly status: 'pending' | 'sent' | 'bounced' | 'accepted' | 'revoked' | 'expired';
        readonly invitedBy: string;
        readonly createdAt: string;
        readonly sentAt: string | null;
        readonly expiresAt: string;
      }>;
      readonly pagination: {
        readonly page: number;
        readonly perPage: number;
        readonly total: number;
        readonly totalPages: number;
      };
    };
  };
  /** Look at an invitation before accepting it. */
  'platform.invitation.read': {
    path: { inviteToken: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly organizationName: string;
        readonly email: string;
        readonly expiresAt: string;
        readonly accountExists: boolean;
      };
    };
  };
  /** Resend an invitation. */
  'platform.invitation.resend': {
    path: { organizationId: string | number; invitationId: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly email: string;
        readonly name: string;
        readonly roles: ReadonlyArray<number>;
        readonly status: 'pending' | 'sent' | 'bounced' | 'accepted' | 'revoked' | 'expired';
        readonly invitedBy: string;
        readonly createdAt: string;
        readonly sentAt: string | null;
        readonly expiresAt: string;
      };
    };
  };
  /** Revoke an invitation. */
  'platform.invitation.revoke': {
    path: { organizationId: string | number; invitationId: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly email: string;
        readonly name: string;
        readonly roles: ReadonlyArray<number>;
        readonly status: 'pending' | 'sent' | 'bounced' | 'accepted' | 'revoked' | 'expired';
        readonly invitedBy: string;
        readonly createdAt: string;
        readonly sentAt: string | null;
        readonly expiresAt: string;
      };
    };
  };
  /** Delete a member from an organization. */
  'platform.member.delete': {
    path: { organizationId: string | number; memberId: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: null;
    };
  };
  /** Get all members of an organization with pagination. */
  'platform.member.list': {
    path: { organizationId: string | number };
    query?: {
      page?: string | number | undefined;
      per_page?: string | number | undefined;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: ReadonlyArray<{
        readonly id: number;
        readonly userId: string;
        readonly name: string;
        readonly email: string;
        readonly status: 'active' | 'inactive' | 'locked';
        readonly roles: ReadonlyArray<{
          readonly id: number;
          readonly name: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
        }>;
        readonly workspaces: ReadonlyArray<string>;
        readonly joinedAt: string;
      }>;
      readonly pagination: {
        readonly page: number;
        readonly perPage: number;
        readonly total: number;
        readonly totalPages: number;
      };
    };
  };
  /** Update a member's roles and workspaces in an organization. */
  'platform.member.update': {
    path: { organizationId: string | number; memberId: string | number };
    body: {
      readonly workspaces: ReadonlyArray<string | number>;
      readonly roles: ReadonlyArray<number>;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly id: number;
        readonly userId: string;
        readonly name: string;
        readonly email: string;
        readonly status: 'active' | 'inactive' | 'locked';
        readonly roles: ReadonlyArray<{
          readonly id: number;
          readonly name: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
        }>;
        readonly workspaces: ReadonlyArray<string>;
        readonly joinedAt: string;
      };
    };
  };
  /** Create a new organization. */
  'platform.organization.create': {
    body: {
      readonly name: string;
      readonly countryCode: string;
    };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly avatarUrl: string | null;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly statusReason: string | null;
      readonly type: 'root' | 'child';
      readonly owner: string;
      readonly countryCode: string | null;
      readonly createdAt: string;
    };
  };
  /** Get an organization by ID. */
  'platform.organization.read': {
    path: { organizationId: string | number };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly avatarUrl: string | null;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly statusReason: string | null;
      readonly type: 'root' | 'child';
      readonly owner: string;
      readonly countryCode: string | null;
      readonly createdAt: string;
    };
  };
  /** Restore a deleted organization. */
  'platform.organization.restore': {
    path: { organization: string | number };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly avatarUrl: string | null;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly statusReason: string | null;
      readonly type: 'root' | 'child';
      readonly owner: string;
      readonly countryCode: string | null;
      readonly createdAt: string;
    };
  };
  /** Update an organization's details. */
  'platform.organization.update': {
    path: { organizationId: string | number };
    body: {
      readonly name?: string;
      readonly avatarUrl?: string | null;
      readonly status?: 'active' | 'inactive' | 'suspended';
      readonly statusReason?: string;
    };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly avatarUrl: string | null;
      readonly status: 'active' | 'inactive' | 'suspended';
      readonly statusReason: string | null;
      readonly type: 'root' | 'child';
      readonly owner: string;
      readonly countryCode: string | null;
      readonly createdAt: string;
    };
  };
  /** List the IAM roles. */
  'platform.role.list': {
    path: { organizationId: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: ReadonlyArray<{
        readonly id: number;
        readonly name: 'OWNER' | 'ADMIN' | 'CONTRIBUTOR' | 'ACCOUNTING' | 'VIEWER';
        readonly permissions: ReadonlyArray<'organization:read' | 'organization:update' | 'organization:delete' | 'organization:create' | 'children:create' | 'members:read' | 'members:write' | 'owners:write' | 'invitations:write' | 'credentials:write' | 'customizations:read' | 'customizations:write' | 'logs:read' | 'consumption:read' | 'usage:write' | 'wallet:read' | 'metrics:read'>;
      }>;
    };
  };
  /** Charge an organization's wallet. */
  'platform.wallet.charge': {
    path: { organization: string | number };
    body: {
      readonly amount: number;
      readonly service: 'sms' | 'email' | 'storage' | 'subscription';
      readonly sms_point?: number;
      readonly reason?: string;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: null;
    };
  };
  /** Credit an organization's wallet. */
  'platform.wallet.credit': {
    path: { organization: string | number };
    body: {
      readonly amount: number;
      readonly reason?: string;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: null;
    };
  };
  /** Get the wallet of an organization. */
  'platform.wallet.read': {
    path: { organizationId: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly balance: number;
        readonly smsPoints: number;
      };
    };
  };
  /** List the transactions of a wallet. */
  'platform.wallet.transactions': {
    path: { organizationId: string | number };
    query?: {
      page?: string | number | undefined;
      per_page?: string | number | undefined;
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: ReadonlyArray<{
        readonly id: number;
        readonly type: 'charge' | 'credit';
        readonly amount: number;
        readonly service: 'sms' | 'email' | 'storage' | 'subscription' | null;
        readonly smsPoint: number | null;
        readonly reason: string | null;
        readonly balanceAfter: number;
        readonly createdBy: string;
        readonly createdAt: string;
      }>;
      readonly pagination: {
        readonly page: number;
        readonly perPage: number;
        readonly total: number;
        readonly totalPages: number;
      };
    };
  };
  /** Create a workspace. */
  'platform.workspace.create': {
    path: { organizationId: string | number };
    body: {
      readonly name: string;
      readonly description?: string | null;
      readonly status?: 'active' | 'inactive';
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly name: string;
        readonly description: string | null;
        readonly status: 'active' | 'inactive';
        readonly createdAt: string;
      };
    };
  };
  /** Delete a workspace. */
  'platform.workspace.delete': {
    path: { organizationId: string | number; workspaceId: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: null;
    };
  };
  /** List the workspaces of an organization. */
  'platform.workspace.list': {
    path: { organizationId: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: ReadonlyArray<{
        readonly id: string;
        readonly name: string;
        readonly description: string | null;
        readonly status: 'active' | 'inactive';
        readonly createdAt: string;
      }>;
    };
  };
  /** Get a workspace by ID. */
  'platform.workspace.read': {
    path: { organizationId: string | number; workspaceId: string | number };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly name: string;
        readonly description: string | null;
        readonly status: 'active' | 'inactive';
        readonly createdAt: string;
      };
    };
  };
  /** Update a workspace. */
  'platform.workspace.update': {
    path: { organizationId: string | number; workspaceId: string | number };
    body: {
      readonly name?: string;
      readonly description?: string | null;
      readonly status?: 'active' | 'inactive';
    };
    answer: {
      readonly success: true;
      readonly message: string;
      readonly data: {
        readonly id: string;
        readonly name: string;
        readonly description: string | null;
        readonly status: 'active' | 'inactive';
        readonly createdAt: string;
      };
    };
  };
}
