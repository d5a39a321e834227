import * as z from 'zod/mini';
import { type Permission, permissions } from '../domain/access/permissions.ts';
import { type Role, roleNames } from '../domain/access/roles.ts';
import type { AccessEntry } from '../domain/access-log/access-entry.ts';
import type { ConsumptionFigures, MonthlyConsumption } from '../domain/consumption/consumption.ts';
import type { Credential } from '../domain/credential/credential.ts';
import { type Invitation, storedInvitationStatuses } from '../domain/invitation/invitation.ts';
import type { Link } from '../domain/link/link.ts';
import type { Membership } from '../domain/member/membership.ts';
import type { Organization, OrganizationCounters } from '../domain/organization/organization.ts';
import type { Session } from '../domain/session/session.ts';
import type { IdempotencyRecord, RollupProgress } from '../domain/stores.ts';
import type { IdentityRequest } from '../domain/user/change-identity.ts';
import type { User } from '../domain/user/user.ts';
import { type Workspace, workspaceStatuses } from '../domain/workspace/workspace.ts';

/**
 * The stored form of everything, and how it is read. Every item is parsed on its way out: one that does not fit is our
 * fault and ends as a 500, never as somebody's bad request.
 */

const id = z.number();
const moment = z.number();
const text = z.string();
const optionalText = z.nullable(z.string());
const role = z.enum(roleNames) satisfies z.ZodMiniType<Role>;
const permission = z.enum(permissions) satisfies z.ZodMiniType<Permission>;
const record = z.record(z.string(), z.unknown());

const counterNames = [
  'members',
  'activeMembers',
  'verifiedMembers',
  'lockedMembers',
  'activeOwners',
  'openInvitations',
  'workspaces',
  'children',
  'bytesUsed',
  'bytesLimit',
  'unlimitedMembers',
] as const satisfies readonly (keyof OrganizationCounters)[];

const counters = z.object({
  members: z.number(),
  activeMembers: z.number(),
  verifiedMembers: z.number(),
  lockedMembers: z.number(),
  activeOwners: z.number(),
  openInvitations: z.number(),
  workspaces: z.number(),
  children: z.number(),
  bytesUsed: z.number(),
  bytesLimit: z.number(),
  unlimitedMembers: z.number(),
} satisfies Record<(typeof counterNames)[number], z.ZodMiniType>);

const organizationItem = z.object({
  id,
  name: text,
  status: z.enum(['active', 'inactive', 'suspended']),
  statusReason: optionalText,
  countryCode: optionalText,
  domain: optionalText,
  contact: optionalText,
  avatarUrl: optionalText,
  customizations: record,
  parentId: z.nullable(id),
  ancestors: z.array(id),
  ownerId: id,
  logShards: z.number(),
  version: z.number(),
  deletedAt: z.nullable(moment),
  createdAt: moment,
  updatedAt: moment,
});

/** Reads an organization. Its counters are stored flat, so that each can be added to. */
export function readOrganization(item: unknown): Organization {
  return { ...organizationItem.parse(item), counters: counters.parse(item) };
}

/** The attributes of an organization as stored. */
export function organizationAttributes(organization: Organization): Record<string, unknown> {
  const { counters: counts, ...profile } = organization;
  return { kind: 'organization', ...profile, ...counts };
}

const identity = z.object({
  email: text,
  firstName: text,
  middleName: optionalText,
  lastName: text,
  suffix: optionalText,
  isVerified: z.boolean(),
  isLocked: z.boolean(),
  isDeleted: z.boolean(),
});

const membershipItem = z.object({
  organizationId: id,
  userId: id,
  roles: z.array(role),
  workspaces: z.array(id),
  isActive: z.boolean(),
  bytesLimit: z.nullable(z.number()),
  bytesUsed: z.number(),
  identity,
  version: z.number(),
  joinedAt: moment,
  updatedAt: moment,
});

export const readMembership = (item: unknown): Membership => membershipItem.parse(item);

const userItem = z.object({
  id,
  email: text,
  firstName: text,
  middleName: optionalText,
  lastName: text,
  suffix: optionalText,
  passwordHash: optionalText,
  isVerified: z.boolean(),
  isLocked: z.boolean(),
  deletedAt: z.nullable(moment),
  isPlatformAdministrator: z.boolean(),
  homeOrganizationId: z.nullable(id),
  sessionEpoch: z.number(),
  version: z.number(),
  createdAt: moment,
  updatedAt: moment,
});

export const readUser = (item: unknown): User => userItem.parse(item);

const identityRequest = z.object({
  authorEmail: text,
  authorCredentialId: z.nullable(id),
  requestId: text,
  ip: text,
  at: moment,
});

export const readIdentityRequest = (item: unknown): IdentityRequest => identityRequest.parse(item);

const sessionItem = z.object({
  id,
  userId: id,
  accessHash: text,
  accessExpiresAt: moment,
  previousAccessHash: optionalText,
  previousAccessExpiresAt: z.nullable(moment),
  familyHash: text,
  refreshHash: text,
  refreshExpiresAt: moment,
  epoch: z.number(),
  createdAt: moment,
});

export const readSession = (item: unknown): Session => sessionItem.parse(item);

const credentialItem = z.object({
  id,
  organizationId: id,
  makerId: id,
  name: text,
  permissions: z.array(permission),
  secretHash: text,
  previousSecretHash: optionalText,
  previousSecretExpiresAt: z.nullable(moment),
  /** `expiresAt` is the table's time to live, in seconds; a key that has expired stays listed. */
  validUntil: z.nullable(moment),
  createdAt: moment,
});

export function readCredential(item: unknown): Credential {
  const { validUntil, ...credential } = credentialItem.parse(item);
  return { ...credential, expiresAt: validUntil };
}

/** The attributes of a credential as stored. */
export function credentialAttributes({ expiresAt, ...credential }: Credential): Record<string, unknown> {
  return { kind: 'credential', ...credential, validUntil: expiresAt };
}

const invitationItem = z.object({
  id,
  organizationId: id,
  email: text,
  firstName: text,
  lastName: text,
  roles: z.array(role),
  status: z.enum(storedInvitationStatuses),
  invitedById: id,
  invitedByName: text,
  mailNumber: z.number(),
  mailDue: z._default(z.nullable(z.number()), null),
  tokenHash: optionalText,
  replacedTokenHashes: z.array(text),
  createdAt: moment,
  sentAt: z.nullable(moment),
  validUntil: moment,
});

export function readInvitation(item: unknown): Invitation {
  const { validUntil, ...invitation } = invitationItem.parse(item);
  return { ...invitation, expiresAt: validUntil };
}

const workspaceItem = z.object({
  id,
  organizationId: id,
  name: text,
  description: optionalText,
  status: z.enum(workspaceStatuses),
  version: z.number(),
  createdAt: moment,
});

export const readWorkspace = (item: unknown): Workspace => workspaceItem.parse(item);

const linkFields = {
  id,
  email: text,
  mailDue: z._default(z.nullable(z.number()), null),
  tokenHash: optionalText,
  createdAt: moment,
  linkExpiresAt: moment,
};
const linkItem = z.discriminatedUnion('purpose', [
  z.object({ ...linkFields, purpose: z.literal('registration'), firstName: text, lastName: text, passwordHash: text }),
  z.object({ ...linkFields, purpose: z.literal('password-reset') }),
  z.object({ ...linkFields, purpose: z.literal('email-change'), userId: id, sessionId: id }),
]);

export const readLink = (item: unknown): Link => linkItem.parse(item);

const accessEntryItem = z.object({
  id: text,
  organizationId: id,
  timestamp: moment,
  user: text,
  userId: z.nullable(id),
  action: text,
  status: z.enum(['SUCCESS', 'DENIED', 'FAILURE']),
  ip: text,
  method: text,
  path: text,
  requestId: text,
});

export const readAccessEntry = (item: unknown): AccessEntry => accessEntryItem.parse(item);

const countedEntryItem = z.pick(accessEntryItem, { timestamp: true, action: true, status: true, userId: true });

/** What the rollup reads of an entry. */
export const readCountedEntry = (item: unknown) => countedEntryItem.parse(item);

const sums = {
  apiCalls: z.number(),
  emailsSent: z.number(),
  smsPointsUsed: z.number(),
  walletCharged: z.number(),
  meters: z.record(z.string(), z.number()),
};

const figuresItem = z.object({ ...sums, storageChange: z.number(), storageRise: z.number() });

/** What a stored hour or day holds. */
export const readFigures = (item: unknown): ConsumptionFigures => figuresItem.parse(item);

const monthItem = z.object({
  ...sums,
  organizationId: id,
  month: text,
  storageBytesPeak: z.number(),
  storageBytesEnd: z.number(),
  activeMembers: z.number(),
  adjustments: z.array(
    z.object({ id: text, meter: text, quantity: z.number(), timestamp: moment, receivedAt: moment }),
  ),
  asOf: moment,
});

export const readMonth = (item: unknown): MonthlyConsumption => monthItem.parse(item);

const progressItem = z.object({ recountFrom: moment, asOf: z._default(z.nullable(moment), null) });

export const readRollupProgress = (item: unknown): RollupProgress => progressItem.parse(item);

const idempotencyItem = z.object({
  requestHash: text,
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: optionalText,
  madeId: optionalText,
});

export const readIdempotencyRecord = (item: unknown): IdempotencyRecord => idempotencyItem.parse(item);
