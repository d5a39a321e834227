import type { Permission } from '../../shared/domain/access/permissions.ts';
import type { Role } from '../../shared/domain/access/roles.ts';
import type { DomainErrorCode } from '../../shared/domain/errors.ts';
import { documentedRoles } from '../support/documented-roles.ts';

/**
 * What Tenantry is, in the smallest words: plain values that each command changes at once or not at all. Nothing here
 * comes from the product but the names of roles, permissions and refusals.
 */
export interface Model {
  readonly people: Record<string, Person>;
  /** Every secret that an API key has had. */
  readonly keys: Record<string, Key>;
  readonly organizations: Record<string, Organization>;
  /** How many entries the audit trail has, by `organization entity action`. */
  readonly audits: Record<string, number>;
}

/** A secret of an API key. */
export interface Key {
  /** What the key is called by all its secrets: the first of them. */
  readonly of: string;
  readonly maker: string;
  readonly organization: string;
  readonly permissions: readonly Permission[];
  /** Whether nobody has replaced it, or deleted the key. */
  works: boolean;
  /** Whether it is the last that the key was given. */
  isLast: boolean;
}

export interface Person {
  isLocked: boolean;
  isDeleted: boolean;
  hasSession: boolean;
  readonly isAdministrator: boolean;
  readonly home: string | null;
}

export interface Member {
  roles: Role[];
  isActive: boolean;
  workspaces: string[];
  bytesLimit: number | null;
  bytesUsed: number;
}

export interface Invitation {
  readonly email: string;
  roles: Role[];
  status: 'pending' | 'accepted' | 'revoked' | 'expired';
  /** Whether its time is over; another invitation of the address makes it `expired` in earnest. */
  isOver: boolean;
  /** The token that works. */
  token: string | null;
}

export interface Organization {
  name: string;
  status: 'active' | 'inactive' | 'suspended';
  statusReason: string | null;
  isDeleted: boolean;
  parent: string | null;
  customizations: Record<string, unknown>;
  readonly members: Record<string, Member>;
  readonly invitations: Record<string, Invitation>;
  /** Their names by what the test calls them. */
  readonly workspaces: Record<string, string>;
  tags: string[];
  balance: number;
  smsPoints: number;
  readonly ledger: { readonly type: 'charge' | 'credit'; readonly amount: number; readonly balanceAfter: number }[];
}

/** Why a command is refused: nothing has changed then. */
export class Refusal extends Error {
  readonly code: DomainErrorCode;

  constructor(code: DomainErrorCode) {
    super(code);
    this.code = code;
  }
}

export const roleNames = Object.keys(documentedRoles) as Role[];

export function anOrganizationOf(owner: string, name: string, parent: string | null): Organization {
  return {
    name,
    status: 'active',
    statusReason: null,
    isDeleted: false,
    parent,
    customizations: {},
    members: { [owner]: aMemberWith(['OWNER']) },
    invitations: {},
    workspaces: {},
    tags: [],
    balance: 0,
    smsPoints: 0,
    ledger: [],
  };
}

export function aMemberWith(roles: readonly Role[], isActive = true): Member {
  return { roles: strongestFirst(roles), isActive, workspaces: [], bytesLimit: null, bytesUsed: 0 };
}

export const strongestFirst = (roles: readonly Role[]): Role[] => roleNames.filter((name) => roles.includes(name));

export const permissionsOf = (roles: readonly Role[]): Set<Permission> =>
  new Set(roles.flatMap((name) => documentedRoles[name]));

/** Those above an organization, the nearest first. */
function above(model: Model, name: string): string[] {
  const parent = model.organizations[name]?.parent ?? null;
  return parent === null ? [] : [parent, ...above(model, parent)];
}

const rootOf = (model: Model, name: string): string => above(model, name).at(-1) ?? name;

/** All that live below an organization. */
export const allBelow = (model: Model, name: string): string[] =>
  childrenOf(model, name).flatMap((child) => [child, ...allBelow(model, child)]);

export function directRoles(model: Model, person: string, organization: string): Role[] {
  const member = model.organizations[organization]?.members[person];
  return member?.isActive ? member.roles : [];
}

export function rolesOf(model: Model, person: string, organization: string): Role[] {
  const inherited = above(model, organization)
    .filter((name) => !model.organizations[name]?.isDeleted)
    .flatMap((name) => directRoles(model, person, name))
    .filter((role) => role === 'OWNER' || role === 'ADMIN');
  return strongestFirst([...directRoles(model, person, organization), ...inherited]);
}

/** Who stands behind a caller. */
export const personBehind = (model: Model, caller: string): string => model.keys[caller]?.maker ?? caller;

/** @throws `unauthorized` */
export function authenticate(model: Model, caller: string): Person {
  const key = model.keys[caller];
  const person = model.people[personBehind(model, caller)];
  if (!person || person.isLocked || person.isDeleted) throw new Refusal('unauthorized');
  if (!key && !person.hasSession) throw new Refusal('unauthorized');
  if (key) {
    const home = model.organizations[key.organization];
    if (!key.works) throw new Refusal('unauthorized');
    if (!home || home.isDeleted || rolesOfMaker(model, key).length === 0) throw new Refusal('unauthorized');
  }
  return person;
}

/** Whether somebody is there to be seen and changed. */
export const isThere = (model: Model, person: string): boolean => model.people[person]?.isDeleted === false;

/** @throws `unauthorized`; `forbidden` for a key that was not given it */
export function admitToMake(model: Model, caller: string): void {
  authenticate(model, caller);
  if (model.keys[caller]?.permissions.includes('organization:create') === false) throw new Refusal('forbidden');
}

function rolesOfMaker(model: Model, { maker, organization }: Key): Role[] {
  const member = model.organizations[organization]?.members[maker];
  return member && !member.isActive ? [] : rolesOf(model, maker, organization);
}

/** What a caller may do in an organization. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  readonly isAdministrator: boolean;
}

/** What a command asks for. */
export interface Demand {
  readonly permission: Permission | 'member' | 'administrator';
  /** `read`s are answered, and the change back is taken, though the organization is not active. */
  readonly needsActive: boolean;
}

/** @throws `unauthorized`, `organization_not_found`, `membership_inactive`, `forbidden`, `organization_not_active` */
export function admit(model: Model, caller: string, name: string, { permission, needsActive }: Demand): Rights {
  const person = authenticate(model, caller);
  const isAdministrator = person.isAdministrator && !model.keys[caller];
  if (permission === 'administrator' && !isAdministrator) throw new Refusal('forbidden');
  const organization = model.organizations[name];
  if (!organization || organization.isDeleted) throw new Refusal('organization_not_found');
  const roles = rolesFor(model, caller, name);
  if (roles.length === 0 && !isAdministrator) {
    const isInactive = !model.keys[caller] && organization.members[caller]?.isActive === false;
    throw new Refusal(isInactive ? 'membership_inactive' : 'organization_not_found');
  }
  const allowed = permissionsOf(isAdministrator ? roleNames : roles);
  const given = model.keys[caller]?.permissions;
  const permissions = given ? new Set(given.filter((each) => allowed.has(each))) : allowed;
  if (permission !== 'member' && permission !== 'administrator' && !permissions.has(permission)) {
    throw new Refusal('forbidden');
  }
  if (needsActive && organization.status !== 'active' && !isAdministrator) throw new Refusal('organization_not_active');
  return { roles, permissions, isAdministrator };
}

function rolesFor(model: Model, caller: string, name: string): Role[] {
  const key = model.keys[caller];
  if (!key) return rolesOf(model, caller, name);
  const roles = rolesOfMaker(model, key);
  if (key.organization === name) return roles;
  return above(model, name).includes(key.organization)
    ? roles.filter((role) => role === 'OWNER' || role === 'ADMIN')
    : [];
}

/** @throws `organization_not_found`, `organization_not_active` */
export function requireWritable(
  { isDeleted, status }: Pick<Organization, 'isDeleted' | 'status'>,
  { isAdministrator }: Rights,
): void {
  if (isDeleted) throw new Refusal('organization_not_found');
  if (status !== 'active' && !isAdministrator) throw new Refusal('organization_not_active');
}

/** What a caller may do in another organization than the one that is asked; undefined where it is not known to them. */
export function permissionsElsewhere(model: Model, caller: string, name: string): ReadonlySet<Permission> | undefined {
  const key = model.keys[caller];
  if (!key && model.people[caller]?.isAdministrator) return permissionsOf(roleNames);
  const roles = rolesOf(model, personBehind(model, caller), name);
  if (roles.length === 0) return undefined;
  const held = permissionsOf(roles);
  return key ? new Set(key.permissions.filter((each) => held.has(each))) : held;
}

/** Those above an organization, itself among them. */
export const wayDownTo = (model: Model, name: string): string[] => [name, ...above(model, name)];

export function requireGrant({ permissions }: Rights, roles: readonly Role[]): void {
  if ([...permissionsOf(roles)].some((permission) => !permissions.has(permission))) throw new Refusal('forbidden');
}

export function requireMayChange({ permissions }: Rights, member: Pick<Member, 'roles'>): void {
  if (member.roles.includes('OWNER') && !permissions.has('owners:write')) throw new Refusal('forbidden');
}

/** Who can act as an owner, session or not. */
export const activeOwners = (model: Model, { members }: Organization): string[] =>
  Object.entries(members)
    .filter(
      ([name, { roles, isActive }]) =>
        isActive && roles.includes('OWNER') && !model.people[name]?.isLocked && isThere(model, name),
    )
    .map(([name]) => name);

/** Does it, and refuses with `last_owner` where an active owner goes and none is left. */
export function keepingOwners(model: Model, organization: Organization, change: () => void): void {
  const before = activeOwners(model, organization).length;
  change();
  const after = activeOwners(model, organization).length;
  if (after < before && after === 0) throw new Refusal('last_owner');
}

export function audit(model: Model, organization: string, entity: string, action: string): void {
  const key = `${organization} ${entity} ${action}`;
  model.audits[key] = (model.audits[key] ?? 0) + 1;
}

/** Whether a caller may know of a person: homed in the same tree, or where the caller has `members:write`. */
export function isVisible(model: Model, caller: string, rights: Rights, name: string, person: string): boolean {
  const home = model.people[person]?.home ?? null;
  if (!isThere(model, person)) return false;
  if (rights.isAdministrator) return true;
  const isHomedHere =
    home !== null && !model.organizations[home]?.isDeleted && rootOf(model, home) === rootOf(model, name);
  if (isHomedHere) return true;
  const managed = Object.keys(model.organizations).filter((each) =>
    model.keys[caller]
      ? model.keys[caller]?.organization === each
      : directRoles(model, caller, each).some((role) => role === 'OWNER' || role === 'ADMIN'),
  );
  return Object.entries(model.organizations).some(
    ([each, { isDeleted, members }]) =>
      !isDeleted &&
      members[person] !== undefined &&
      [each, ...above(model, each).filter((way) => !model.organizations[way]?.isDeleted)].some((way) =>
        managed.includes(way),
      ),
  );
}

/** The children that live. */
export const childrenOf = (model: Model, name: string): string[] =>
  Object.entries(model.organizations)
    .filter(([, { parent, isDeleted }]) => parent === name && !isDeleted)
    .map(([child]) => child);
