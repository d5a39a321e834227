import * as z from 'zod/mini';
import type { IdempotencyRecord } from '../domain/access/idempotency-key.ts';
import { type Permission, permissions } from '../domain/access/permissions.ts';
import { type Role, roleNames } from '../domain/access/roles.ts';
import { type AccessEntry, accessStatuses } from '../domain/access-log/access-entry.ts';
import type { AuditEntry } from '../domain/audit/audit-entry.ts';
import { auditActions, auditEntities } from '../domain/changes.ts';
import type { Adjustment, ConsumptionFigures, CountedMonth } from '../domain/consumption/consumption.ts';
import type { RollupProgress } from '../domain/consumption/rollup-store.ts';
import type { Credential } from '../domain/credential/credential.ts';
import { type Invitation, type InvitationList, storedInvitationStatuses } from '../domain/invitation/invitation.ts';
import type { Link } from '../domain/link/link.ts';
import type { Membership } from '../domain/member/membership.ts';
import {
  type Organization,
  type OrganizationCounters,
  organizationStatuses,
} from '../domain/organization/organization.ts';
import type { OrganizationTags } from '../domain/organization/organization-store.ts';
import type { UnfinishedDeletion } from '../domain/organization/unfinished-deletion.ts';
import type { Session } from '../domain/session/session.ts';
import type { CountedUsageEvent } from '../domain/usage/usage-event.ts';
import type { IdentityRequest } from '../domain/user/identity-request.ts';
import type { User } from '../domain/user/user.ts';
import { chargedServices, type LedgerEntry, movementTypes, type Wallet } from '../domain/wallet/wallet.ts';
import { type Workspace, workspaceStatuses } from '../domain/workspace/workspace.ts';

/**
 * The stored form of everything, and how it is read. Every item is parsed on its way out: one that does not fit is our
 * fault and ends as a 500, never as somebody's bad request.
 */

// Each is made once: a function makes at its start what it may read, and most of that it is never asked for.
const number = z.number();
const id = number;
const moment = number;
const optionalNumber = z.nullable(number);
const optionalId = optionalNumber;
const optionalMoment = optionalNumber;
/** How often something was counted, which may be since later than the item was made. */
const count = z._default(number, 0);
const flag = z.boolean();
const text = z.string();
const optionalText = z.nullable(text);
const role = z.enum(roleNames) satisfies z.ZodMiniType<Role>;
const permission = z.enum(permissions) satisfies z.ZodMiniType<Permission>;

const counterNames = [
  'members',
  'activeMembers',
  'verifiedMembers',
  'lockedMembers',
  'activeOwners',
  'openInvitations',
  'workspaces',
  'credentials',
  'children',
  'bytesUsed',
  'bytesLimit',
  'unlimitedMembers',
] as const satisfies readonly (keyof OrganizationCounters)[];

const counters = z.object({
  members: number,
  activeMembers: number,
  verifiedMembers: number,
  lockedMembers: number,
  activeOwners: number,
  openInvitations: number,
  workspaces: number,
  credentials: count,
  children: number,
  bytesUsed: number,
  bytesLimit: number,
  unlimitedMembers: number,
} satisfies Record<(typeof counterNames)[number], z.ZodMiniType>);

/** As it is: a schema that looks into it would lose keys such as `__proto__`. */
const jsonObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const organizationItem = z.object({
  id,
  name: text,
  status: z.enum(organizationStatuses),
  statusReason: optionalText,
  countryCode: optionalText,
  domain: optionalText,
  contact: optionalText,
  avatarUrl: optionalText,
  /** As text: they may be any JSON, and an attribute of DynamoDB holds less than that. */
  customizations: z.pipe(
    text,
    z.transform((json) => jsonObject.parse(JSON.parse(json))),
  ),
  parentId: optionalId,
  ancestors: z.array(id),
  levelsBelow: number,
  levelsRecount: optionalId,
  ownerId: id,
  logShards: number,
  version: number,
  deletedAt: optionalMoment,
  createdAt: moment,
  updatedAt: moment,
});

const walletFields = z.object({
  walletBalance: number,
  walletSmsPoints: number,
  walletEntries: number,
  walletChangedAt: moment,
});

/** Reads the wallet off an organization. */
export function readWallet(item: unknown): Wallet {
  const { walletBalance, walletSmsPoints, walletEntries, walletChangedAt } = walletFields.parse(item);
  return { balance: walletBalance, smsPoints: walletSmsPoints, entries: walletEntries, changedAt: walletChangedAt };
}

/** The attributes of a wallet as stored, with those of its organization. */
export function walletAttributes({ balance, smsPoints, entries, changedAt }: Wallet): z.output<typeof walletFields> {
  return { walletBalance: balance, walletSmsPoints: smsPoints, walletEntries: entries, walletChangedAt: changedAt };
}

/** Reads an organization. Its counters and its wallet are stored flat, so that each number can be a condition. */
export function readOrganization(item: unknown): Organization {
  return { ...organizationItem.parse(item), counters: counters.parse(item), wallet: readWallet(item) };
}

/** The attributes of an organization as stored. */
export function organizationAttributes({
  counters: counts,
  wallet,
  ...profile
}: Organization): Record<string, unknown> {
  return { kind: 'organization', ...profileAttributes(profile), ...counts, ...walletAttributes(wallet) };
}

/** Some of an organization's own fields as stored. */
export function profileAttributes(
  profile: Partial<Omit<Organization, 'counters' | 'wallet'>>,
): Record<string, unknown> {
  const { customizations, ...rest } = profile;
  return customizations === undefined ? rest : { ...rest, customizations: JSON.stringify(customizations) };
}

const tagsItem = z.object({ tags: z.array(text), version: number });

export const readTags = (item: unknown): OrganizationTags => tagsItem.parse(item);

const unfinishedDeletionItem = z.object({
  organizationId: id,
  email: text,
  credentialId: optionalId,
  requestId: text,
  ip: text,
});

export function readUnfinishedDeletion(item: unknown): UnfinishedDeletion {
  const { email, credentialId, ...deletion } = unfinishedDeletionItem.parse(item);
  return { ...deletion, author: { email, credentialId } };
}

const identity = z.object({
  email: text,
  firstName: text,
  middleName: optionalText,
  lastName: text,
  suffix: optionalText,
  isVerified: flag,
  isLocked: flag,
  isDeleted: flag,
});

const membershipItem = z.object({
  organizationId: id,
  userId: id,
  roles: z.array(role),
  workspaces: z.array(id),
  isActive: flag,
  bytesLimit: optionalNumber,
  bytesUsed: number,
  identity,
  version: number,
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
  isVerified: flag,
  isLocked: flag,
  deletedAt: optionalMoment,
  isPlatformAdministrator: flag,
  homeOrganizationId: optionalId,
  sessionEpoch: number,
  version: number,
  joins: z.optional(number),
  passwordChangedAt: z.optional(moment),
  createdAt: moment,
  updatedAt: moment,
});

export const readUser = (item: unknown): User => userItem.parse(item);

const identityRequest = z.object({
  authorEmail: text,
  authorCredentialId: optionalId,
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
  previousAccessExpiresAt: optionalMoment,
  familyHash: text,
  refreshHash: text,
  refreshExpiresAt: moment,
  epoch: number,
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
  previousSecretExpiresAt: optionalMoment,
  /** `expiresAt` is the table's time to live, in seconds; a key that has expired stays listed. */
  validUntil: optionalMoment,
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
  mailNumber: number,
  mailDue: z._default(optionalNumber, null),
  tokenHash: optionalText,
  replacedTokenHashes: z.array(text),
  createdAt: moment,
  sentAt: optionalMoment,
  validUntil: moment,
});

export function readInvitation(item: unknown): Invitation {
  const { validUntil, ...invitation } = invitationItem.parse(item);
  return { ...invitation, expiresAt: validUntil };
}

const invitationDayItem = z.object({ open: count, accepted: count, revoked: count } satisfies Record<
  InvitationList,
  z.ZodMiniType
>);

export const readInvitationDay = (item: unknown): Record<InvitationList, number> => invitationDayItem.parse(item);

const workspaceItem = z.object({
  id,
  organizationId: id,
  name: text,
  description: optionalText,
  status: z.enum(workspaceStatuses),
  version: number,
  createdAt: moment,
});

export const readWorkspace = (item: unknown): Workspace => workspaceItem.parse(item);

const ledgerEntryItem = z.object({
  id,
  organizationId: id,
  sequence: number,
  type: z.enum(movementTypes),
  amount: number,
  service: z.nullable(z.enum(chargedServices)),
  smsPoint: optionalNumber,
  reason: optionalText,
  balanceAfter: number,
  createdById: id,
  createdAt: moment,
});

export const readLedgerEntry = (item: unknown): LedgerEntry => ledgerEntryItem.parse(item);

const linkFields = {
  id,
  email: text,
  mailDue: z._default(optionalNumber, null),
  tokenHash: optionalText,
  createdAt: moment,
  linkExpiresAt: moment,
};
const linkItem = z.discriminatedUnion('purpose', [
  z.object({ ...linkFields, purpose: z.literal('registration'), firstName: text, lastName: text, passwordHash: text }),
  z.object({ ...linkFields, purpose: z.literal('password-reset') }),
  z.object({ ...linkFields, purpose: z.literal('email-change'), userId: id, sessionId: id, sessionEpoch: number }),
  z.object({ ...linkFields, purpose: z.literal('address-changed') }),
]);

export const readLink = (item: unknown): Link => linkItem.parse(item);

const accessEntryItem = z.object({
  id: text,
  organizationId: id,
  timestamp: moment,
  user: text,
  userId: optionalId,
  action: text,
  status: z.enum(accessStatuses),
  ip: text,
  method: text,
  path: text,
  requestId: text,
});

export const readAccessEntry = (item: unknown): AccessEntry => accessEntryItem.parse(item);

const countedEntryItem = z.pick(accessEntryItem, { action: true, status: true, userId: true });

/** What the rollup reads of an entry. */
export const readCountedEntry = (item: unknown) => countedEntryItem.parse(item);

const sums = {
  apiCalls: number,
  emailsSent: number,
  smsPointsUsed: number,
  walletCharged: number,
  /** As text: a meter may come to more than a number of DynamoDB holds. */
  meters: z.pipe(
    text,
    z.transform((json) => z.record(z.string(), number).parse(JSON.parse(json))),
  ),
};

const figuresItem = z.object({
  ...sums,
  signIns: number,
  failedSignIns: number,
  storageChange: number,
  storageRise: number,
});

/** What a stored hour or day holds. */
export const readFigures = (item: unknown): ConsumptionFigures => figuresItem.parse(item);

const monthItem = z.object({
  ...sums,
  organizationId: id,
  month: text,
  storageBytesPeak: number,
  storageBytesEnd: number,
  activeMembers: number,
  asOf: moment,
});

export const readMonth = (item: unknown): CountedMonth => monthItem.parse(item);

const usageEvents = z.array(
  z.object({
    id: text,
    meter: text,
    quantity: number,
    timestamp: moment,
    userId: optionalId,
    countedAt: moment,
  }),
);

const usageItem = z.object({
  events: z.pipe(
    text,
    z.transform((json) => usageEvents.parse(JSON.parse(json))),
  ),
});

/** The events that a usage record holds. */
export const readUsageEvents = (item: unknown): CountedUsageEvent[] => usageItem.parse(item).events;

const adjustmentsItem = z.extend(usageItem, { receivedAt: moment });

export function readAdjustments(item: unknown): Adjustment[] {
  const { events, receivedAt } = adjustmentsItem.parse(item);
  return events.map(({ id: eventId, meter, quantity, timestamp }) => ({
    id: eventId,
    meter,
    quantity,
    timestamp,
    receivedAt,
  }));
}

const progressItem = z.object({ recountFrom: moment, asOf: z._default(optionalMoment, null) });

export const readRollupProgress = (item: unknown): RollupProgress => progressItem.parse(item);

const auditChanges = z.array(
  z.object({
    action: z.enum(auditActions),
    entity: z.enum(auditEntities),
    entityId: text,
    oldData: z.nullable(jsonObject),
    newData: z.nullable(jsonObject),
  }),
);

const auditItem = z.object({
  organizationId: id,
  timestamp: moment,
  requestId: text,
  ip: text,
  admin: text,
  credentialId: optionalId,
  changes: z.pipe(
    text,
    z.transform((json) => auditChanges.parse(JSON.parse(json))),
  ),
});

/** The changes of one request in one organization, in the order in which they were made. */
export function readAuditRecord(item: unknown): Omit<AuditEntry, 'id'>[] {
  const { changes, ...request } = auditItem.parse(item);
  return changes.map((change) => ({ ...request, ...change }));
}

const idempotencyItem = z.object({
  requestHash: text,
  status: number,
  headers: z.record(z.string(), z.string()),
  body: optionalText,
  madeId: optionalText,
});

export const readIdempotencyRecord = (item: unknown): IdempotencyRecord => idempotencyItem.parse(item);
