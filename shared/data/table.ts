import { secondMilliseconds, type Timestamp } from '../domain/timestamp.ts';

/**
 * The one table: its keys, its indexes and every kind of item, each with the question that it answers. The key
 * builders, the CDK table, docs/data-model.md and the property tests all follow from this value.
 */

/** The local indexes: an organization's things in another order, read consistently. They can never be added later. */
export const tableIndexes = {
  inOrderOfJoining: { sortKey: 'joiningKey', question: 'Who joined (or was invited, or was made) when?' },
  inOrderOfName: { sortKey: 'nameKey', question: 'Who is there, by name?' },
  inOrderOfEmail: { sortKey: 'emailKey', question: 'Who is there, by email address? Whose address begins so?' },
  inOrderOfRole: { sortKey: 'roleKey', question: 'Who is there, the strongest role first?' },
} as const;

export type TableIndexName = keyof typeof tableIndexes;

/** What a list row shows: the attributes that the local indexes carry beside the keys. */
export const listedAttributes = [
  'kind',
  'organizationId',
  'userId',
  'roles',
  'workspaces',
  'isActive',
  'bytesLimit',
  'bytesUsed',
  'identity',
  'version',
  'joinedAt',
  'updatedAt',
] as const;

export const tableKeys = { partition: 'pk', sort: 'sk', timeToLive: 'expiresAt' } as const;

interface ItemKind {
  readonly pk: string;
  readonly sk: string;
  readonly question: string;
  /** Why the partition does not begin with its organization, where it does not. */
  readonly outsideTenant?: string;
}

/** Every kind of item. A `{name}` in a key is filled with a number or a text. */
export const itemKinds = {
  organization: {
    pk: 'ORG#{organization}',
    sk: 'ORG',
    question: 'What is this organization, and where does it stand?',
  },
  membership: { pk: 'ORG#{organization}', sk: 'MEMBER#{user}', question: 'What may this person do here?' },
  listBlocks: { pk: 'LIST#{organization}#{order}', sk: 'BLOCKS#{from}', question: 'How many stand in these blocks?' },
  listParts: { pk: 'LIST#{organization}#{order}', sk: 'VIEW#PARTS#{from}', question: 'How many stand in these parts?' },
  listChange: {
    pk: 'LIST#{organization}#{order}',
    sk: 'VIEW#CHANGE#{change}',
    question: 'What came or left and is not counted in yet?',
  },
  listVersion: {
    pk: 'LIST#{organization}#{order}',
    sk: 'VIEW#{end}',
    question: 'Which version of the counts is this?',
  },
  invitation: { pk: 'ORG#{organization}', sk: 'INVITATION#{invitation}', question: 'What became of this invitation?' },
  invitedAddress: { pk: 'ORG#{organization}', sk: 'INVITED#{email}', question: 'Is this address invited already?' },
  invitationQuota: { pk: 'ORG#{organization}', sk: 'QUOTA#{day}', question: 'How many were invited that day?' },
  invitationDay: {
    pk: 'ORG#{organization}',
    sk: 'INVITATIONDAY#{day}',
    question: 'How many invitations were made that day, and what became of them?',
  },
  workspace: { pk: 'ORG#{organization}', sk: 'WORKSPACE#{workspace}', question: 'Which workspaces are there?' },
  workspaceName: { pk: 'ORG#{organization}', sk: 'WORKSPACENAME#{name}', question: 'Is this name taken here?' },
  credential: { pk: 'ORG#{organization}', sk: 'CREDENTIAL#{credential}', question: 'Which API keys are there?' },
  credentialUse: {
    pk: 'ORG#{organization}',
    sk: 'CREDENTIAL#{credential}#USED',
    question: 'When was this API key last used?',
  },
  tags: { pk: 'ORG#{organization}', sk: 'TAGS', question: 'Which tags does this organization carry?' },
  child: { pk: 'ORG#{organization}', sk: 'CHILD#{child}', question: 'Which organizations are right below this one?' },
  consumptionHour: { pk: 'ORG#{organization}', sk: 'HOUR#{hour}', question: 'What was consumed in that hour?' },
  consumptionDay: { pk: 'ORG#{organization}', sk: 'DAY#{day}', question: 'What was consumed that day?' },
  consumptionMonth: { pk: 'ORG#{organization}', sk: 'MONTH#{month}', question: 'What was consumed that month?' },
  activeMember: {
    pk: 'ACTIVE#{organization}#{month}',
    sk: 'USER#{user}',
    question: 'How many different people were active that month?',
  },
  ledgerEntry: { pk: 'LEDGER#{organization}', sk: '{sequence}', question: 'What was charged and credited?' },
  walletHolder: {
    pk: 'WALLETS#{shard}',
    sk: 'ORG#{organization}',
    question: 'Whose wallets are to be proved?',
    outsideTenant: 'the proof reads across all organizations',
  },
  accessEntry: {
    pk: 'ACCESS#{organization}#{day}#{shard}',
    sk: '{time}#{entry}',
    question: 'Who did what here, and how often?',
  },
  logPulse: {
    pk: 'PULSE#{organization}',
    sk: '{second}',
    question: 'How busy is the access log in this second?',
  },
  auditEntry: { pk: 'AUDIT#{organization}#{month}', sk: '{time}#{entry}', question: 'What was changed, and by whom?' },
  mailRecord: {
    pk: 'USAGE#{organization}#{day}',
    sk: '{hour}#MAIL#{mail}',
    question: 'Which mails did SES take for this organization?',
  },
  usageRecord: {
    pk: 'USAGE#{organization}#{day}',
    sk: '{hour}#EVENTS#{time}#{record}',
    question: 'What usage counts in that hour?',
  },
  usageClaim: {
    pk: 'CLAIM#{organization}#{shard}',
    sk: '{event}',
    question: 'Was this event counted before?',
  },
  adjustments: {
    pk: 'ADJUSTMENTS#{organization}',
    sk: '{month}#{time}#{record}',
    question: 'What arrived after the month was closed?',
  },
  activeOrganization: {
    pk: 'ROLLUP#{hour}#{shard}',
    sk: 'ORG#{organization}',
    question: 'Which organizations must the rollup look at?',
    outsideTenant: 'the rollup reads across all organizations',
  },
  lateHour: {
    pk: 'ROLLUP#{hour}#{shard}',
    sk: 'LATE#{organization}#{late}',
    question: 'Which earlier hours must the rollup count again?',
    outsideTenant: 'the rollup reads across all organizations',
  },
  rollupProgress: {
    pk: 'ROLLUP',
    sk: 'PROGRESS#{shard}',
    question: 'How far has the rollup come?',
    outsideTenant: 'the rollup reads across all organizations',
  },
  deletion: {
    pk: 'DELETED#{shard}',
    sk: '{time}#{deleted}#{id}',
    question: 'What was deleted so long ago that it is to be erased?',
    outsideTenant: 'a job erases organizations and people',
  },
  unfinishedDeletion: {
    pk: 'DELETIONS',
    sk: 'ORG#{organization}',
    question: 'Below which deleted organizations may something still live?',
    outsideTenant: 'a job works through those of all organizations',
  },
  unfinishedMove: {
    pk: 'MOVES',
    sk: 'ORG#{organization}',
    question: 'Below which organizations is the old way up still remembered?',
    outsideTenant: 'the job looks at all organizations that have moved',
  },
  turn: {
    pk: 'TURN#{item}',
    sk: 'TURN',
    question: 'When may the next of many write to this item?',
    outsideTenant: 'it is about an item, whatever that is',
  },
  unusedAvatar: {
    pk: 'UNUSEDAVATARS',
    sk: '{avatar}',
    question: 'Which avatars does nobody show any more?',
    outsideTenant: 'the purge removes them, whosever they were',
  },
  dueMail: {
    pk: 'DUEMAIL#{shard}',
    sk: '{mail}',
    question: 'Which mails have not been sent yet?',
    outsideTenant: 'an operator asks again for what a dead mailer has left, whosever it is',
  },
  user: {
    pk: 'USER#{user}',
    sk: 'USER',
    question: 'Who is this person?',
    outsideTenant: 'a person may belong to many organizations',
  },
  session: {
    pk: 'USER#{user}',
    sk: 'SESSION#{session}',
    question: 'Is this device still signed in?',
    outsideTenant: 'a session belongs to a person',
  },
  membershipLink: {
    pk: 'USER#{user}',
    sk: 'IN#{organization}',
    question: 'Which organizations is this person in?',
    outsideTenant: 'the membership, seen from the person',
  },
  emailClaim: {
    pk: 'EMAIL#{email}',
    sk: 'EMAIL',
    question: 'Whose address is this?',
    outsideTenant: 'an address is unique over all organizations',
  },
  domainClaim: {
    pk: 'DOMAIN#{domain}',
    sk: 'DOMAIN',
    question: 'Whose domain is this?',
    outsideTenant: 'a domain is unique over all organizations',
  },
  link: {
    pk: 'LINK#{link}',
    sk: 'LINK',
    question: 'What does this mailed link allow?',
    outsideTenant: 'it is about a person or an address',
  },
  attempts: {
    pk: 'ATTEMPTS#{subject}',
    sk: 'ATTEMPTS',
    question: 'How often was this tried lately?',
    outsideTenant: 'it guards an address before anybody is signed in',
  },
  idempotencyRecord: {
    pk: 'IDEMPOTENCY#{owner}',
    sk: '{endpoint}#{key}',
    question: 'Was this request answered before, and how?',
    outsideTenant: 'it belongs to whoever holds the credential',
  },
} as const satisfies Record<string, ItemKind>;

export type ItemKindName = keyof typeof itemKinds;

type Names<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** What the keys of a kind are made of. */
export type KeyParts<Kind extends ItemKindName> = {
  readonly [Name in Names<(typeof itemKinds)[Kind]['pk']> | Names<(typeof itemKinds)[Kind]['sk']>]: number | string;
};

type PartitionParts<Kind extends ItemKindName> = {
  readonly [Name in Names<(typeof itemKinds)[Kind]['pk']>]: number | string;
};

/** The primary key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The key of one item. Numbers are padded, so that they sort; texts are escaped, so that none can inject a `#`. */
export function keyOf<Kind extends ItemKindName>(kind: Kind, parts: KeyParts<Kind>): ItemKey {
  const { pk, sk } = itemKinds[kind];
  return { pk: fill(pk, parts), sk: fill(sk, parts) };
}

/** The partition of a kind. */
export function partitionOf<Kind extends ItemKindName>(kind: Kind, parts: PartitionParts<Kind>): string {
  return fill(itemKinds[kind].pk, parts);
}

/** What the sort keys of a kind begin with, before the first value. */
export function sortKeyPrefixOf(kind: ItemKindName): string {
  return itemKinds[kind].sk.split('{', 1)[0] ?? '';
}

function fill(template: string, parts: Readonly<Record<string, number | string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => keyText(parts[name]));
}

/** One value inside a key. */
export function keyText(value: number | string | undefined): string {
  if (value === undefined) throw new TypeError('A part of a key is missing.');
  return typeof value === 'number' ? paddedNumber(value) : value.replace(/[%#]/g, encodeURIComponent);
}

/** A non-negative safe integer in 16 digits: the order of the texts is the order of the numbers. */
export function paddedNumber(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TypeError('A number in a key is a non-negative safe integer.');
  return value.toString().padStart(16, '0');
}

/** What stands in `expiresAt` of an item that is kept until a moment: whole seconds since 1970. */
export function timeToLive(until: Timestamp): number {
  return Math.ceil(until / secondMilliseconds);
}
