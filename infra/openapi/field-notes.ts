import type { JsonSchema } from './json-schema.ts';

const organizationId = 'The organization, in any spelling of its id.';
const userId = 'The user, in any spelling of the id.';
const pageFromOne = 'Pages begin at 1.';

/**
 * What a field or a parameter holds, where its name does not say it all: by its name, or for one operation alone by
 * `operationId name`. As Markdown.
 */
export const fieldNotes: Readonly<Record<string, string>> = {
  // What a path names.
  organization: organizationId,
  organizationId,
  organization_id: organizationId,
  org_id: organizationId,
  userID: userId,
  'organization-admin.member.limit user': userId,
  'organization-admin.member.read user': userId,
  'organization-admin.member.update user': userId,
  memberId: 'The member: the number that the list of members shows as `id`.',
  invitationId: 'The `id` of the invitation, not its token.',
  inviteToken: 'The token of the mail.',
  workspaceId: 'The workspace, in any spelling of its id.',
  key_id: 'The `id` of the key, not its `client_id`.',
  'accounts.user.remove user_ids': 'Ids of users, 1 to 25, separated by commas.',

  // Pages, orders and filters.
  page: pageFromOne,
  per_page: 'How many on a page: 15 by default, at most 100.',
  page_number: 'Pages begin at 0.',
  page_size: 'How many on a page: 25 by default, at most 100.',
  sort_by: '`role` is by strength, OWNER first when ascending.',
  sort_ascending: '`true` by default.',
  'organization-admin.member.list limit': 'How many on a page: 10 by default, at most 100.',
  'hierarchy.child.list limit': 'How many on a page: 25 by default, at most 100.',
  'hierarchy.access_log.list limit': 'How many entries: 100 by default, at most 1,000.',
  'hierarchy.children_audit.list limit': 'How many entries: 100 by default, at most 1,000.',
  cursor: 'From the `Link` of the page before.',
  start: 'Entries from this moment on.',
  end: 'Entries up to this moment.',
  'organization-admin.member.search email': 'The beginning of an address.',
  total: 'How many there are in all.',
  total_elements: 'How many there are in all.',
  cascade: 'Delete all organizations below it as well.',
  include_children: 'The sums of the organization and of all below it.',
  month: 'As `2026-03`; the current one by default.',

  // Organizations.
  statusReason: 'Why it is not active.',
  countryCode: 'ISO 3166-1 alpha-2, such as `GB`.',
  owner: 'The longest-standing OWNER.',
  avatarUrl: 'An https address, or `null`.',
  parent_id: 'The organization above it; `null` at the top.',
  parent_org_id: 'The organization above it; `null` at the top.',
  root_org_id: 'The topmost organization of the tree, perhaps itself.',
  domain: 'A DNS name in lower case; it belongs to one organization at a time.',
  contact: 'An email address.',
  customizations: 'Any JSON object of yours; `theme`, `logo_url` and `branding_color` are checked.',

  // People.
  role: 'The strongest, of several.',
  roles: 'The ids of the roles.',
  'auth.me.read roles': 'The names of the roles.',
  is_active: 'Whether the membership grants anything.',
  is_verified: 'Whether the address is confirmed.',
  is_locked: 'Whether the person is kept from signing in.',
  is_deleted: 'A deleted person is shown nowhere, and can be brought back for 30 days.',
  home_organization_id: 'The organization that may change who this is; `null` for whoever registered alone.',
  platform_admin: 'Whether the person may do everything everywhere.',
  bytes_limit: 'How much storage the member may use, in bytes; `null` is without a limit.',
  bytes_used: 'How much storage the member uses, in bytes.',
  'organization-admin.metrics.collect bytes_limit': 'The sum over all members; `null` where one is without a limit.',
  'organization-admin.metrics.collect bytes_used': 'The sum over all members.',
  'organization-admin.member.create password':
    '8 to 128 characters with an upper-case letter, a lower-case letter, a digit and another character; none of the commonest.',
  'auth.registration.create password':
    '8 to 128 characters with an upper-case letter, a lower-case letter, a digit and another character; none of the commonest.',
  'platform.invitation.accept password': 'A new one; of whoever has an account, the present one.',
  'auth.email.change password': 'The present password.',
  confirm_password: 'The same as `password`.',
  password_confirmation: 'The same as `password`.',
  accountExists: 'Whether the address has an account, whose present password is then asked for.',
  user_ids: 'Users by any spelling of their ids, each once.',
  workspaces: 'Ids of workspaces.',
  file: 'PNG, JPEG, WebP or GIF, at most 2 MiB.',

  // Credentials.
  expires_in: 'Seconds until the access token expires.',
  'auth.password.reset token': 'The token of the mailed link.',
  'auth.registration.verify token': 'The token of the mailed link.',
  permissions: 'What the key may do at most.',
  'platform.role.list permissions': 'What the role allows.',
  overlap_seconds: 'How long the old secret goes on working: 0 by default, at most 86,400.',
  client_secret: 'Shown this once.',
  api_key: 'Shown this once. The same key as `client_id` with `client_secret`.',
  last_used_at: 'To the hour; `null` where it never was.',

  // Money and use.
  amount: 'A positive integer.',
  sms_point: 'Points to add; with the service `sms` alone, and then required.',
  balanceAfter: 'The balance once this was booked.',
  meter: '`storage_bytes`, `sms_points`, or a name of your own.',
  quantity: 'Of `storage_bytes` the change in bytes, up or down; of `sms_points` a positive integer.',
  'hierarchy.usage_event.create id': 'Of your own making: an event with this id counts once for ever.',
  'hierarchy.usage_event.create timestamp': 'When it was used; it decides the month.',
  'hierarchy.usage_event.create user_id': 'Whose storage it is; required for `storage_bytes`.',
  'hierarchy.consumption.read api_calls': 'Entries of the access log other than those of sessions.',
  storage_used: 'The peak of the month, in GB (10⁹ bytes).',
  emails_sent: 'Mails that were taken for delivery.',
  active_members: 'Users who have done something in the month.',
  meters: 'The sums of your own meters.',
  adjustments: 'What arrived after the month was closed, a page of it.',
  as_of: 'Up to when it is counted.',

  // Logs.
  'hierarchy.access_log.list user': 'An email address, or the name of an API key.',
  'hierarchy.access_log.list action':
    'The operation in upper case, such as `ORGANIZATION_READ`; `LOGIN` and others of sessions.',
  admin: "The email address of whoever did it; of an API key, its maker's.",
  credential: 'The id of the API key that was used; `null` for a session.',
  old_data: 'The changed fields as they were; `null` where something was made.',
  new_data: 'The changed fields as they are; `null` where something was deleted.',
};

/** The note on a field of an operation, if there is one. */
export function fieldNote(operationId: string, field: string): string | undefined {
  return fieldNotes[`${operationId.replace(/\.\d+$/, '')} ${field}`] ?? fieldNotes[field];
}

/** A schema whose fields carry their notes, at every depth. */
export function withFieldNotes(schema: JsonSchema, operationId: string): JsonSchema {
  const noted: Record<string, unknown> = { ...schema };
  if (schema.properties) {
    const fields = Object.entries(schema.properties as Record<string, JsonSchema>).map(([name, field]) => {
      const description = fieldNote(operationId, name);
      return [name, { ...withFieldNotes(field, operationId), ...(description === undefined ? {} : { description }) }];
    });
    noted.properties = Object.fromEntries(fields);
  }
  if (schema.items) noted.items = withFieldNotes(schema.items as JsonSchema, operationId);
  for (const choice of ['anyOf', 'oneOf'] as const) {
    const choices = schema[choice] as readonly JsonSchema[] | undefined;
    if (choices) noted[choice] = choices.map((each) => withFieldNotes(each, operationId));
  }
  return noted;
}
