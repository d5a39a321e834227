import { type Permission, permissions } from '../../shared/domain/access/permissions.ts';
import type { Role } from '../../shared/domain/access/roles.ts';
import { toHex24, toUuid } from '../../shared/domain/identifiers.ts';
import { carryIdentities } from '../../shared/runtime/carry-identities.ts';
import { finishDeletions } from '../../shared/runtime/finish-deletions.ts';
import { finishMoves } from '../../shared/runtime/finish-moves.ts';
import { services } from '../support/all-services.ts';
import type { ApiAnswer, ApiRequest } from '../support/in-process-api.ts';
import {
  activeOwners,
  admit,
  admitToMake,
  allBelow,
  aMemberWith,
  anOrganizationOf,
  audit,
  authenticate,
  childrenOf,
  type Demand,
  directRoles,
  isThere,
  isVisible,
  type Key,
  keepingOwners,
  type Member,
  type Model,
  type Organization,
  permissionsElsewhere,
  permissionsOf,
  personBehind,
  Refusal,
  type Rights,
  requireGrant,
  requireMayChange,
  requireWritable,
  roleNames,
  rolesOf,
  strongestFirst,
  wayDownTo,
} from './reference-model.ts';
import { password, type World } from './world.ts';

/** What chance has chosen for a command; each takes of it what it needs. */
export interface Draw {
  readonly command: string;
  readonly caller: number;
  readonly organization: number;
  readonly person: number;
  readonly other: number;
  readonly role: number;
  readonly number: number;
  readonly flag: boolean;
}

/** A command with everything settled: what is sent, what the model says to it, and what of the answer is compared. */
export interface Step {
  readonly caller: string;
  readonly request: ApiRequest;
  /** For a story: the request with the names of the model. */
  readonly title: string;
  /** The organization in whose access log the request belongs; none where it has none. */
  readonly organization: string | undefined;
  /**
   * Changes the model and says what a success answers. `rights` is the model that the caller’s rights are read from.
   * @throws Refusal
   */
  rule(model: Model, rights: Model): unknown;
  /** The same of the answer. */
  view(answer: ApiAnswer): unknown;
  /** What the consumers do after it, within seconds. */
  readonly followUp?: () => Promise<unknown>;
  /** Learns the ids of what was made. */
  bind?(answer: ApiAnswer): void | Promise<void>;
}

/** What the stream tells of somebody who has changed, of whose memberships a transaction did not take all. */
const recordOf = (userId: number) => ({ dynamodb: { NewImage: { id: { N: String(userId) } } } });

/** A way to make a step of a draw; undefined where there is nothing to do it to. */
type Command = (draw: Chosen, world: World) => Step | undefined;

/** A draw with what it points at in the model as it is. */
interface Chosen {
  readonly model: Model;
  readonly caller: string;
  readonly key: string;
  readonly name: string;
  readonly organization: Organization;
  readonly person: string;
  readonly people: readonly string[];
  readonly address: string;
  readonly role: Role;
  readonly roles: readonly Role[];
  readonly number: number;
  readonly flag: boolean;
  /** Unlike any other. */
  readonly fresh: string;
}

const at = <Value>(list: readonly Value[], index: number): Value => list[index % list.length] as Value;

/** Mostly somebody who may, so that things happen. */
const anOwnerOfIt = 'an owner of it';
const aKey = 'a key';
const callers = [
  ...Array(5).fill(anOwnerOfIt),
  ...['owner', 'admin', 'administrator', 'contributor', 'candidate', 'outsider', aKey, aKey, aKey],
];
const organizationNames = ['Aare', 'Birs', 'Cher'];
const workspaceNames = ['Alpha', 'Beta'];
const addresses = ['candidate', 'outsider', 'contributor', 'xenia', 'xaver'];

export function choose(draw: Draw, model: Model, fresh: string): Chosen {
  const all = Object.keys(model.organizations);
  const name = at(['root', 'root', ...all], draw.organization);
  const organization = model.organizations[name];
  if (!organization) throw new Error(`There is no ${name}.`);
  const known = Object.keys(model.people).filter((person) => person !== 'administrator');
  const members = Object.keys(organization.members);
  const candidates = draw.flag && members.length > 0 ? members : known;
  const person = at(candidates, draw.person);
  const role = at(roleNames, draw.role);
  const owners = activeOwners(model, organization).filter((owner) => model.people[owner]?.hasSession);
  const caller = at(callers, draw.caller);
  // Those that work, and are this organization's, more often.
  const keys = Object.keys(model.keys).flatMap((key) => {
    const { works, organization: of } = model.keys[key] as Key;
    return Array((works ? 4 : 1) * (of === name ? 2 : 1)).fill(key) as string[];
  });
  const key = at(keys, draw.other + draw.number);
  const named: Record<string, string> = {
    [anOwnerOfIt]: at([...owners, 'owner'], owners.length > 0 ? draw.other % owners.length : 0),
    [aKey]: key,
  };
  return {
    model,
    caller: named[caller] ?? caller,
    key,
    name,
    organization,
    person,
    people: [...new Set([person, at(candidates, draw.other)])],
    address: at(addresses, draw.person),
    role,
    roles: strongestFirst(draw.number % 3 === 0 ? [role, at(roleNames, draw.other)] : [role]),
    number: draw.number,
    flag: draw.flag,
    fresh,
  };
}

const write = (permission: Demand['permission']): Demand => ({ permission, needsActive: true });
const read = (permission: Demand['permission']): Demand => ({ permission, needsActive: false });

/** A change inside one organization: who may, and then what happens to it. */
function change(
  { caller, name }: Pick<Chosen, 'caller' | 'name'>,
  demand: Demand,
  act: (model: Model, organization: Organization, rights: Rights) => unknown,
): Step['rule'] {
  return (model, rightsOf) => {
    const rights = admit(rightsOf, caller, name, demand);
    const organization = organizationOf(model, name);
    const { isDeleted, status } = organization;
    // The organization may have changed since rights were judged: what is found wrong in reading is said before that,
    // what the write of the organization itself finds wrong after it.
    try {
      const answer = act(model, organization, rights);
      requireWritable({ isDeleted, status }, rights);
      return answer;
    } catch (error) {
      const isOfWrite =
        error instanceof Refusal && ['last_owner', 'has_children', 'insufficient_balance'].includes(error.code);
      if (isOfWrite) requireWritable({ isDeleted, status }, rights);
      throw error;
    }
  };
}

function memberOf(model: Model, organization: Organization, person: string): Member {
  const member = organization.members[person];
  if (!member || !isThere(model, person)) throw new Refusal('member_not_found');
  return member;
}

function forget(organization: Organization, person: string): void {
  delete organization.members[person];
}

const none = () => undefined;

/** Every command by its name: the dialect, and what it does. */
export const commands: Readonly<Record<string, Command>> = {
  'hierarchy: read': (chosen, { nameOf, idOf }) => ({
    ...sent(chosen, 'GET', `/orgs/org-${idOf(chosen.name)}`),
    rule: (model, rights) => {
      admit(rights, chosen.caller, chosen.name, read('organization:read'));
      const { name, status, parent } = organizationOf(model, chosen.name);
      return { name, status, parent };
    },
    view: ({ body }) => ({
      name: body.name,
      status: body.status,
      parent: body.parent_org_id && nameOf('organization', body.parent_org_id),
    }),
  }),

  'hierarchy: rename': (chosen, { idOf }) => {
    const name = at(organizationNames, chosen.number);
    return {
      ...sent(chosen, 'PATCH', `/orgs/${idOf(chosen.name)}`, { name }),
      rule: change(chosen, write('organization:update'), (model, organization) =>
        rename(model, chosen.name, organization, name),
      ),
      view: ({ body }) => body.name,
    };
  },

  'accounts: rename': (chosen, { idOf }) => {
    const name = at(organizationNames, chosen.number);
    return {
      ...sent(chosen, 'PUT', '/organizations', { id: idOf(chosen.name), organization_name: name }),
      rule: (model, rightsOf) => {
        try {
          return change(chosen, write('organization:update'), (_, organization) =>
            rename(model, chosen.name, organization, name),
          )(model, rightsOf);
        } catch (error) {
          // A body that names what its sender may not know is invalid.
          const isUnknown = error instanceof Refusal && error.code === 'organization_not_found';
          throw isUnknown ? new Refusal('invalid_request') : error;
        }
      },
      view: ({ body }) => body.organization_name,
    };
  },

  'organization-admin: rename': (chosen) => {
    const name = at(organizationNames, chosen.number);
    const byKey = withKey(chosen);
    return {
      ...sent(byKey, 'PUT', `${admin}/organization/update`, { name }),
      rule: change(byKey, write('organization:update'), (model, organization) =>
        rename(model, byKey.name, organization, name),
      ),
      view: ({ body }) => body.data.name,
    };
  },

  'platform: set status': (chosen, { idOf }) => {
    const status = at(['active', 'inactive', 'active', 'suspended'] as const, chosen.number);
    return {
      ...sent(chosen, 'PATCH', `/api/organizations/${idOf(chosen.name)}`, { status, statusReason: 'Because' }),
      rule: (model, rightsOf) => {
        const { isAdministrator } = admit(rightsOf, chosen.caller, chosen.name, read('organization:update'));
        const organization = organizationOf(model, chosen.name);
        if (organization.isDeleted) throw new Refusal('organization_not_found');
        const { status: present } = organization;
        const isMove = present !== status;
        if (isMove && [present, status].includes('suspended') && !isAdministrator) throw new Refusal('forbidden');
        if (present !== 'active' && !(isMove && status === 'active') && !isAdministrator) {
          throw new Refusal('organization_not_active');
        }
        if (!isMove && organization.statusReason === 'Because') return status;
        organization.status = status;
        organization.statusReason = 'Because';
        audit(model, chosen.name, 'organization', 'update');
        return status;
      },
      view: ({ body }) => body.status,
    };
  },

  'hierarchy: make child': (chosen, { idOf, bind }) => ({
    ...sent(chosen, 'POST', `/orgs/${idOf(chosen.name)}/children`, { name: at(organizationNames, chosen.number) }),
    rule: change(chosen, write('children:create'), (model) => {
      makeOrganization(model, chosen, at(organizationNames, chosen.number), chosen.name);
    }),
    view: none,
    bind: ({ body }) => bind('organization', chosen.fresh, body.id),
  }),

  'accounts: make': (chosen, { bind }) => ({
    ...sent(chosen, 'POST', '/organizations', { organization_name: 'New' }),
    organization: undefined,
    rule: (model, rights) => {
      admitToMake(rights, chosen.caller);
      makeOrganization(model, chosen, 'New', null);
    },
    view: none,
    bind: ({ body }) => bind('organization', chosen.fresh, body.id),
  }),

  'platform: make': (chosen, { bind }) => ({
    ...sent(chosen, 'POST', '/api/organizations', { name: 'New', countryCode: 'CH' }),
    organization: undefined,
    rule: (model, rights) => {
      admitToMake(rights, chosen.caller);
      makeOrganization(model, chosen, 'New', null);
    },
    view: none,
    bind: ({ body }) => bind('organization', chosen.fresh, body.id),
  }),

  'delete an organization': (chosen, { idOf }) => {
    // Where the root goes early, little is left to tell.
    if (chosen.name === 'root' && chosen.number % 4 !== 0) return undefined;
    const cascade = chosen.flag && chosen.number % 2 === 0;
    const path = `/${chosen.flag ? 'orgs' : 'organizations'}/${idOf(chosen.name)}${cascade ? '?cascade=true' : ''}`;
    return {
      ...sent(chosen, 'DELETE', path),
      rule: change(chosen, write('organization:delete'), (model, organization) => {
        if (!cascade && childrenOf(model, chosen.name).length > 0) throw new Refusal('has_children');
        for (const name of [...allBelow(model, chosen.name), chosen.name]) {
          organizationOf(model, name).isDeleted = true;
          audit(model, name, 'organization', 'delete');
        }
        organization.isDeleted = true;
      }),
      ...(cascade ? { followUp: finishDeletions } : {}),
      view: none,
    };
  },

  'platform: restore': (anyone, { idOf }) => {
    const gone = Object.keys(anyone.model.organizations).filter((each) => anyone.model.organizations[each]?.isDeleted);
    const chosen = { ...byAdministrator(anyone), name: gone.length > 0 ? at(gone, anyone.number) : anyone.name };
    return {
      ...sent(chosen, 'POST', `/api/admin/organizations/${idOf(chosen.name)}/restore`),
      rule: (model, rights) => {
        if (!authenticate(rights, chosen.caller).isAdministrator || chosen.caller in model.keys)
          throw new Refusal('forbidden');
        const organization = organizationOf(model, chosen.name);
        if (!organization.isDeleted) throw new Refusal('not_deleted');
        if (organization.parent !== null && model.organizations[organization.parent]?.isDeleted) {
          throw new Refusal('parent_deleted');
        }
        organization.isDeleted = false;
        audit(model, chosen.name, 'organization', 'update');
        return organization.name;
      },
      view: ({ body }) => body.name,
    };
  },

  'hierarchy: list children': (chosen, { idOf, nameOf }) => ({
    ...sent(chosen, 'GET', `/orgs/${idOf(chosen.name)}/children?limit=100`),
    rule: (model, rights) => {
      admit(rights, chosen.caller, chosen.name, read('organization:read'));
      const children = childrenOf(model, chosen.name).sort();
      return { children, total: children.length };
    },
    view: ({ body }) => ({
      children: body.children.map(({ id }: { id: string }) => nameOf('organization', id)).sort(),
      total: body.total,
    }),
  }),

  'accounts: list': (chosen, { nameOf }) => ({
    ...sent(chosen, 'GET', '/organizations'),
    organization: undefined,
    rule: (model, rights) => {
      authenticate(rights, chosen.caller);
      const person = personBehind(model, chosen.caller);
      return Object.entries(model.organizations)
        .filter(([name]) => (model.keys[chosen.caller]?.organization ?? name) === name)
        .flatMap(([name, { members, isDeleted }]) => {
          const member = isDeleted ? undefined : members[person];
          return member ? [`${name} ${member.roles[0]} ${member.isActive}`] : [];
        })
        .sort();
    },
    view: ({ body }) =>
      body
        .map(
          ({ id, role, is_active: isActive }: { id: number; role: Role; is_active: boolean }) =>
            `${nameOf('organization', id)} ${role} ${isActive}`,
        )
        .sort(),
  }),

  'accounts: role': (chosen, { idOf }) => ({
    ...sent(chosen, 'GET', `/organizations/${idOf(chosen.name)}/role`),
    rule: (_, rights) => {
      const { roles } = admit(rights, chosen.caller, chosen.name, read('member'));
      if (roles.length === 0) throw new Refusal('member_not_found');
      return roles[0];
    },
    view: ({ body }) => body,
  }),

  'accounts: leave': (chosen, { idOf }) => ({
    ...sent(chosen, chosen.flag ? 'GET' : 'POST', `/organizations/${idOf(chosen.name)}/leave`),
    rule: (model, rights) => {
      const given = admit(rights, chosen.caller, chosen.name, read('member'));
      const organization = organizationOf(model, chosen.name);
      if (organization.isDeleted) throw new Refusal('organization_not_found');
      const person = personBehind(model, chosen.caller);
      const key = model.keys[chosen.caller];
      if (key && key.organization !== chosen.name) throw new Refusal('member_not_found');
      memberOf(model, organization, person);
      if (key && [...permissionsOf(given.roles)].some((each) => !given.permissions.has(each))) {
        throw new Refusal('forbidden');
      }
      keepingOwners(model, organization, () => forget(organization, person));
      audit(model, chosen.name, 'member', 'delete');
    },
    view: none,
  }),

  'accounts: add users': (chosen, { idOf, nameOf }) => ({
    ...sent(chosen, 'POST', `/organizations/${idOf(chosen.name)}/users`, usersWish(chosen, idOf)),
    rule: change(chosen, write('members:write'), (model, organization, rights) => {
      requireGrant(rights, [chosen.role]);
      for (const person of chosen.people) {
        if (!isVisible(model, chosen.caller, rights, chosen.name, person)) throw new Refusal('user_not_found');
      }
      for (const person of chosen.people) if (organization.members[person]) throw new Refusal('already_member');
      for (const person of chosen.people) {
        organization.members[person] = aMemberWith([chosen.role], chosen.flag);
        audit(model, chosen.name, 'member', 'insert');
      }
      return shownUsers(chosen);
    }),
    view: ({ body }) => usersIn(body.users, nameOf),
  }),

  'accounts: change users': (chosen, { idOf, nameOf }) => ({
    ...sent(chosen, 'PUT', `/organizations/${idOf(chosen.name)}/users`, usersWish(chosen, idOf)),
    rule: change(chosen, write('members:write'), (model, organization, rights) => {
      const members = chosen.people.map((person) => memberOf(model, organization, person));
      for (const member of members) requireMayChange(rights, member);
      const isGranted = ({ roles, isActive }: Member) => !roles.includes(chosen.role) || (chosen.flag && !isActive);
      if (members.some(isGranted)) requireGrant(rights, [chosen.role]);
      keepingOwners(model, organization, () => {
        for (const member of members) {
          const isSame = member.isActive === chosen.flag && member.roles.join() === chosen.role;
          if (isSame) continue;
          member.roles = [chosen.role];
          member.isActive = chosen.flag;
          audit(model, chosen.name, 'member', 'update');
        }
      });
      return shownUsers(chosen);
    }),
    view: ({ body }) => usersIn(body.users, nameOf),
  }),

  'accounts: remove users': (chosen, { idOf }) => ({
    ...sent(chosen, 'DELETE', `/organizations/${idOf(chosen.name)}/users/${chosen.people.map(idOf).join(',')}`),
    rule: change(chosen, write('members:write'), (model, organization, rights) => {
      removeAll(model, chosen.name, organization, rights, chosen.people);
    }),
    view: none,
  }),

  'platform: remove member': (chosen, { idOf }) => ({
    ...sent(chosen, 'DELETE', `/api/organizations/${idOf(chosen.name)}/members/${idOf(chosen.person)}`),
    rule: change(chosen, write('members:write'), (model, organization, rights) => {
      removeAll(model, chosen.name, organization, rights, [chosen.person]);
    }),
    view: none,
  }),

  'organization-admin: remove member': (chosen, { idOf }) => {
    const byKey = withKey(chosen);
    return {
      ...sent(byKey, 'DELETE', `${admin}/members/${toHex24('user', idOf(chosen.person))}/remove`),
      rule: change(byKey, write('members:write'), (model, organization, rights) => {
        removeAll(model, byKey.name, organization, rights, [chosen.person]);
      }),
      view: none,
    };
  },

  'platform: assign member': (chosen, { idOf, nameOf }) => {
    const workspaces = Object.keys(chosen.organization.workspaces).slice(0, chosen.number % 3);
    const path = `/api/organizations/${idOf(chosen.name)}/members/${idOf(chosen.person)}`;
    return {
      ...sent(chosen, 'PUT', path, {
        workspaces: workspaces.map((workspace) => toUuid('workspace', idOf(workspace))),
        roles: chosen.roles.map(roleId),
      }),
      rule: change(chosen, write('members:write'), (model, organization, rights) => {
        const member = memberOf(model, organization, chosen.person);
        requireMayChange(rights, member);
        requireGrant(
          rights,
          chosen.roles.filter((role) => !member.roles.includes(role)),
        );
        if (workspaces.some((workspace) => organization.workspaces[workspace] === undefined)) {
          throw new Refusal('invalid_request');
        }
        const isSame =
          member.roles.join() === chosen.roles.join() &&
          [...member.workspaces].sort().join() === [...workspaces].sort().join();
        if (!isSame) {
          keepingOwners(model, organization, () => {
            member.roles = [...chosen.roles];
            member.workspaces = [...workspaces].sort();
          });
          audit(model, chosen.name, 'member', 'update');
        }
        return { roles: chosen.roles, workspaces: [...workspaces].sort() };
      }),
      view: ({ body }) => ({
        roles: body.data.roles.map(({ name }: { name: Role }) => name),
        workspaces: body.data.workspaces.map((id: string) => nameOf('workspace', id)).sort(),
      }),
    };
  },

  'organization-admin: limit': (chosen, { idOf }) => {
    const byKey = withKey(chosen);
    const limit = chosen.number % 5;
    return {
      ...sent(byKey, 'PUT', `${admin}/users/${idOf(chosen.person)}/limits/update`, { bytes_limit: limit }),
      rule: change(byKey, write('members:write'), (model, organization) => {
        const member = memberOf(model, organization, chosen.person);
        if (member.bytesLimit !== limit) audit(model, byKey.name, 'limit', 'update');
        member.bytesLimit = limit;
        return { limit, used: member.bytesUsed };
      }),
      view: ({ body: { data } }) => ({ limit: data.bytes_limit, used: data.bytes_used }),
    };
  },

  'hierarchy: use storage': (chosen, { idOf }) => {
    const quantity = (chosen.number % 7) - 2;
    return {
      ...sent(chosen, 'POST', `/orgs/${idOf(chosen.name)}/usage_events`, {
        events: [
          {
            id: chosen.fresh,
            meter: 'storage_bytes',
            quantity,
            timestamp: '2026-01-01T00:00:00Z',
            user_id: idOf(chosen.person),
          },
        ],
      }),
      rule: change(chosen, write('usage:write'), (model, organization) => {
        const member = isThere(model, chosen.person) ? organization.members[chosen.person] : undefined;
        if (!member) throw new Refusal('invalid_request');
        const after = member.bytesUsed + quantity;
        if (quantity > 0 && member.bytesLimit !== null && after > member.bytesLimit) return 'limit_exceeded';
        if (quantity < 0 && after < 0) return 'below_zero';
        member.bytesUsed = after;
        return 'accepted';
      }),
      view: ({ body }) => body.results[0].code ?? body.results[0].status,
    };
  },

  'organization-admin: lock': (chosen, { idOf }) => {
    const byKey = withKey(chosen);
    return {
      ...sent(byKey, 'PUT', `${admin}/members/${idOf(chosen.person)}/update`, { is_locked: chosen.flag }),
      rule: change(byKey, write('members:write'), (model, organization, rights) => {
        const person = managedPerson(model, byKey.name, organization, rights, chosen.person);
        if (person.isLocked !== chosen.flag) {
          changePerson(model, chosen.person, () => {
            person.isLocked = chosen.flag;
          });
          if (chosen.flag) person.hasSession = false;
        }
        return chosen.flag;
      }),
      followUp: () => carryIdentities([recordOf(idOf(chosen.person))]),
      view: ({ body }) => body.data.is_locked,
    };
  },

  'organization-admin: delete person': (chosen, { idOf }) => {
    const byKey = withKey(chosen);
    return {
      ...sent(byKey, 'PUT', `${admin}/members/${idOf(chosen.person)}/update`, { is_deleted: chosen.flag }),
      rule: change(byKey, write('members:write'), (model, organization, rights) => {
        const person = managedPerson(model, byKey.name, organization, rights, chosen.person, {
          bringsBack: !chosen.flag,
        });
        if (person.isDeleted !== chosen.flag) {
          changePerson(model, chosen.person, () => {
            person.isDeleted = chosen.flag;
          });
          if (chosen.flag) person.hasSession = false;
        }
        return chosen.flag;
      }),
      followUp: () => carryIdentities([recordOf(idOf(chosen.person))]),
      view: ({ body }) => body.data.is_deleted,
    };
  },

  'organization-admin: create member': (chosen, { bind, emailOf }) => {
    const byKey = withKey(chosen);
    return {
      ...sent(byKey, 'POST', `${admin}/members/create`, {
        first_name: 'New',
        last_name: 'Person',
        email: emailOf(chosen.address),
        password,
        confirm_password: password,
        role: adminRole(chosen.role),
      }),
      rule: change(byKey, write('members:write'), (model, organization, rights) => {
        requireGrant(rights, [chosen.role]);
        if (model.people[chosen.address]) throw new Refusal('email_taken');
        model.people[chosen.address] = aPersonOf(byKey.name);
        organization.members[chosen.address] = aMemberWith([chosen.role]);
        audit(model, byKey.name, 'member', 'insert');
        return adminRole(chosen.role);
      }),
      view: ({ body }) => body.data.role,
      bind: ({ body }) => bind('user', chosen.address, body.data.id),
    };
  },

  'platform: invite': (chosen, { idOf, isNamed, emailOf, nameOfEmail, bind, nameOf }) => {
    const email = emailOf(chosen.address);
    // Of several at once that invite somebody, whoever comes first makes the invitation: its name is nobody's own.
    const nth = (number: number) => `invitation ${number} of ${chosen.address} to ${chosen.name}`;
    return {
      ...sent(chosen, 'POST', `/api/organizations/${idOf(chosen.name)}/invite`, {
        email: chosen.flag ? email.toUpperCase() : email,
        roles: chosen.roles.map(roleId),
      }),
      rule: change(chosen, write('invitations:write'), (model, organization, rights) => {
        requireGrant(rights, chosen.roles);
        if (organization.members[chosen.address]) throw new Refusal('already_member');
        const open = Object.values(organization.invitations).find(
          ({ email: invited, status }) => invited === chosen.address && status === 'pending',
        );
        if (open && !open.isOver) {
          open.roles = [...chosen.roles];
          open.token = null;
          audit(model, chosen.name, 'invitation', 'update');
        } else {
          if (open) {
            open.status = 'expired';
            audit(model, chosen.name, 'invitation', 'update');
          }
          const earlier = Object.values(organization.invitations).filter((each) => each.email === chosen.address);
          organization.invitations[nth(earlier.length)] = {
            email: chosen.address,
            roles: [...chosen.roles],
            status: 'pending',
            isOver: false,
            token: null,
          };
          audit(model, chosen.name, 'invitation', 'insert');
        }
        return { email: chosen.address, roles: chosen.roles };
      }),
      view: ({ body: { data } }) => ({ email: nameOfEmail(data.email), roles: data.roles.map(roleOfId) }),
      bind: ({ body: { data } }) => {
        if (!nameOf('invitation', data.id).startsWith('unknown')) return;
        let number = 0;
        while (isNamed(nth(number))) number += 1;
        bind('invitation', nth(number), data.id);
      },
    };
  },

  'platform: revoke': (chosen, { idOf }) => {
    const invitations = Object.keys(chosen.organization.invitations);
    if (invitations.length === 0) return undefined;
    const invitation = at(invitations, chosen.number);
    return {
      ...sent(chosen, 'DELETE', `/api/organizations/${idOf(chosen.name)}/invitations/${idOf(invitation)}`),
      rule: change(chosen, write('invitations:write'), (model, organization) => {
        waiting(organization, invitation).status = 'revoked';
        audit(model, chosen.name, 'invitation', 'update');
      }),
      view: none,
    };
  },

  'platform: resend': (chosen, { idOf, nameOfEmail }) => {
    const invitations = Object.keys(chosen.organization.invitations);
    if (invitations.length === 0) return undefined;
    const invitation = at(invitations, chosen.number);
    return {
      ...sent(chosen, 'POST', `/api/organizations/${idOf(chosen.name)}/invitations/${idOf(invitation)}/resend`),
      rule: change(chosen, write('invitations:write'), (model, organization, rights) => {
        const found = waiting(organization, invitation);
        requireGrant(rights, found.roles);
        if (organization.members[found.email]) throw new Refusal('already_member');
        found.isOver = false;
        found.token = null;
        audit(model, chosen.name, 'invitation', 'update');
        return found.email;
      }),
      view: ({ body: { data } }) => nameOfEmail(data.email),
    };
  },

  'platform: accept': (chosen, world) => {
    const invitations = Object.entries(chosen.organization.invitations);
    if (invitations.length === 0) return undefined;
    const [invitation, { email, token: working }] = at(invitations, chosen.number);
    const token = working ?? world.tokenOf(invitation);
    if (token === undefined || (chosen.model.people[email] && !canAct(chosen.model, email))) return undefined;
    const isNew = email.startsWith('x');
    const caller = isNew
      ? 'nobody'
      : chosen.flag
        ? email
        : chosen.caller in chosen.model.keys
          ? 'owner'
          : chosen.caller;
    const proof = isNew ? { password, password_confirmation: password } : {};
    return {
      ...sent({ ...chosen, caller }, 'POST', `/api/organizations/invite/${token}/accept`, proof),
      organization: undefined,
      rule: (model, rights) => {
        if (!isNew) authenticate(rights, caller);
        const organization = organizationOf(model, chosen.name);
        const found = organization.invitations[invitation];
        if (!found || found.token !== token || found.status !== 'pending' || found.isOver || organization.isDeleted) {
          throw new Refusal('invitation_gone');
        }
        if (!isNew && caller !== email) throw new Refusal('unauthorized');
        if (model.people[email] && !canAct(model, email)) throw new Refusal('wrong_password');
        if (organization.status !== 'active') throw new Refusal('organization_not_active');
        if (organization.members[email]) throw new Refusal('already_member');
        model.people[email] ??= aPersonOf(chosen.name);
        organization.members[email] = aMemberWith(found.roles);
        found.status = 'accepted';
        audit(model, chosen.name, 'member', 'insert');
        audit(model, chosen.name, 'invitation', 'update');
      },
      view: none,
      bind: async () => {
        const person = await services().stores.users.findByEmail(world.emailOf(email));
        world.bind('user', email, person?.id);
      },
    };
  },

  'platform: charge': (anyone, { idOf }) => {
    const chosen = byAdministrator(anyone);
    const amount = 1 + (chosen.number % 60);
    const points = chosen.flag ? { service: 'sms', sms_point: 3 } : { service: 'email' };
    return {
      ...sent(chosen, 'POST', `/api/admin/organizations/${idOf(chosen.name)}/charge`, { amount, ...points }),
      rule: change(chosen, write('administrator'), (model, organization) => {
        if (organization.balance < amount) throw new Refusal('insufficient_balance');
        move(model, chosen.name, organization, 'charge', amount, chosen.flag ? 3 : 0);
      }),
      view: none,
    };
  },

  'platform: credit': (anyone, { idOf }) => {
    const chosen = byAdministrator(anyone);
    const amount = 1 + (chosen.number % 100);
    return {
      ...sent(chosen, 'POST', `/api/admin/organizations/${idOf(chosen.name)}/credit`, { amount }),
      rule: change(chosen, write('administrator'), (model, organization) => {
        move(model, chosen.name, organization, 'credit', amount, 0);
      }),
      view: none,
    };
  },

  'platform: read wallet': (chosen, { idOf }) => ({
    ...sent(chosen, 'GET', `/api/organizations/${idOf(chosen.name)}/wallet`),
    rule: (model, rights) => {
      admit(rights, chosen.caller, chosen.name, read('wallet:read'));
      const { balance, smsPoints } = organizationOf(model, chosen.name);
      return { balance, smsPoints };
    },
    view: ({ body: { data } }) => ({ balance: data.balance, smsPoints: data.smsPoints }),
  }),

  'platform: make workspace': (chosen, { idOf, bind }) => {
    const name = at(workspaceNames, chosen.number);
    return {
      ...sent(chosen, 'POST', `/api/organizations/${idOf(chosen.name)}/workspaces`, { name }),
      rule: change(chosen, write('organization:update'), (model, organization) => {
        if (Object.values(organization.workspaces).includes(name)) throw new Refusal('workspace_name_taken');
        organization.workspaces[chosen.fresh] = name;
        audit(model, chosen.name, 'workspace', 'insert');
        return name;
      }),
      view: ({ body }) => body.data.name,
      bind: ({ body }) => bind('workspace', chosen.fresh, body.data.id),
    };
  },

  'platform: delete workspace': (chosen, { idOf }) => {
    const workspaces = Object.keys(chosen.organization.workspaces);
    if (workspaces.length === 0) return undefined;
    const workspace = at(workspaces, chosen.number);
    return {
      ...sent(chosen, 'DELETE', `/api/organizations/${idOf(chosen.name)}/workspaces/${idOf(workspace)}`),
      rule: change(chosen, write('organization:update'), (model, organization) => {
        if (organization.workspaces[workspace] === undefined) throw new Refusal('workspace_not_found');
        delete organization.workspaces[workspace];
        audit(model, chosen.name, 'workspace', 'delete');
      }),
      view: none,
    };
  },

  'organization-admin: move': (chosen, { idOf, nameOf }) => {
    const byKey = withKey(chosen);
    const parent = chosen.number % 4 === 0 ? null : chosen.name;
    return {
      ...sent(byKey, 'PUT', `${admin}/organization/update`, { parent_id: parent === null ? null : idOf(parent) }),
      rule: change(byKey, write('organization:update'), (model, _, rights) => place(model, byKey, rights, parent)),
      view: ({ body }) => body.data.parent_id && nameOf('organization', body.data.parent_id),
      followUp: finishMoves,
    };
  },

  'hierarchy: move': (chosen, { idOf, nameOf }) => {
    const all = Object.keys(chosen.model.organizations);
    const parent = chosen.number % 4 === 0 ? null : at(all, chosen.number);
    return {
      ...sent(chosen, 'PATCH', `/orgs/${idOf(chosen.name)}`, { parent_org_id: parent === null ? null : idOf(parent) }),
      rule: change(chosen, write('organization:update'), (model, _, rights) => place(model, chosen, rights, parent)),
      view: ({ body }) => body.parent_org_id && nameOf('organization', body.parent_org_id),
      followUp: finishMoves,
    };
  },

  'hierarchy: set customizations': (chosen, { idOf }) => {
    const customizations = { theme: at(['dark', 'light'], chosen.number), ...(chosen.flag ? { wide: true } : {}) };
    return {
      ...sent(chosen, 'PUT', `/orgs/${idOf(chosen.name)}/customizations`, { customizations }),
      rule: change(chosen, write('customizations:write'), (model, organization) =>
        customize(model, chosen.name, organization, customizations),
      ),
      view: ({ body }) => body.customizations,
    };
  },

  'hierarchy: merge customizations': (chosen, { idOf }) => {
    const patch = at(
      [{ theme: null }, { wide: true }, { theme: 'dark' }, { wide: null, deep: { a: 1 } }, { deep: { a: null, b: 2 } }],
      chosen.number,
    );
    return {
      ...sent(chosen, 'PATCH', `/orgs/${idOf(chosen.name)}`, { customizations: patch }),
      rule: change(chosen, write('organization:update'), (model, organization) => {
        customize(model, chosen.name, organization, merged(organization.customizations, patch));
        return organization.name;
      }),
      view: ({ body }) => body.name,
    };
  },

  'hierarchy: make key': (chosen, { idOf, bind, giveKey }) => {
    const given = at<Permission[] | undefined>(
      [
        undefined,
        ['organization:read', 'members:write', 'members:read'],
        [...permissions],
        ['credentials:write', 'organization:update', 'children:create'],
      ],
      chosen.number,
    );
    return {
      ...sent(chosen, 'POST', `/orgs/${idOf(chosen.name)}/api_keys`, {
        name: 'Key',
        ...(given && { permissions: given }),
      }),
      rule: change(chosen, write('credentials:write'), (model, _, rights) => {
        const { roles } = rights.isAdministrator ? { roles: directRoles(model, chosen.caller, chosen.name) } : rights;
        if (roles.length === 0) throw new Refusal('membership_required');
        const held =
          chosen.caller in model.keys
            ? heldBy(model, chosen.caller, rights)
            : new Set([...permissionsOf(roles), 'organization:create']);
        const wanted = given ?? permissions.filter((each) => each !== 'organization:create' && held.has(each));
        if (wanted.some((each) => !held.has(each))) throw new Refusal('forbidden');
        model.keys[chosen.fresh] = {
          of: chosen.fresh,
          maker: personBehind(model, chosen.caller),
          organization: chosen.name,
          permissions: permissions.filter((each) => wanted.includes(each)),
          works: true,
          isLast: true,
        };
        audit(model, chosen.name, 'credential', 'insert');
        return wanted.length;
      }),
      view: ({ body }) => body.permissions.length,
      bind: ({ body }) => {
        bind('credential', chosen.fresh, body.id);
        giveKey(chosen.fresh, { 'client-id': body.client_id, 'client-secret': body.client_secret });
      },
    };
  },

  'hierarchy: rotate key': (chosen, { idOf, giveKey }) => {
    const { of } = chosen.model.keys[chosen.key] as Key;
    const overlap = chosen.flag ? 86_400 : 0;
    return {
      ...sent(chosen, 'POST', `/orgs/${idOf(chosen.name)}/api_keys/${idOf(of)}/rotate`, { overlap_seconds: overlap }),
      rule: change(chosen, write('credentials:write'), (model, _, rights) => {
        const secrets = secretsOf(model, chosen.name, of);
        const last = secrets.find(({ isLast }) => isLast) as Key;
        if (last.permissions.some((each) => !heldBy(model, chosen.caller, rights).has(each)))
          throw new Refusal('forbidden');
        for (const secret of secrets) secret.works = secret.isLast && overlap > 0;
        last.isLast = false;
        model.keys[chosen.fresh] = { ...last, works: true, isLast: true };
        audit(model, chosen.name, 'credential', 'update');
      }),
      view: none,
      bind: ({ body }) => giveKey(chosen.fresh, { 'client-id': body.client_id, 'client-secret': body.client_secret }),
    };
  },

  'hierarchy: delete key': (chosen, { idOf }) => {
    const { of } = chosen.model.keys[chosen.key] as Key;
    return {
      ...sent(chosen, 'DELETE', `/orgs/${idOf(chosen.name)}/api_keys/${idOf(of)}`),
      rule: change(chosen, write('credentials:write'), (model) => {
        for (const secret of secretsOf(model, chosen.name, of)) secret.works = false;
        audit(model, chosen.name, 'credential', 'delete');
      }),
      view: none,
    };
  },

  'hierarchy: set tags': (chosen, { idOf }) => {
    const tags = ['red', 'green', 'blue'].slice(0, chosen.number % 4);
    return {
      ...sent(chosen, 'PUT', `/orgs/${idOf(chosen.name)}/tags`, { tags }),
      rule: change(chosen, write('organization:update'), (model, organization) => {
        if (organization.tags.join() !== tags.join()) audit(model, chosen.name, 'organization', 'update');
        organization.tags = tags;
        return tags;
      }),
      view: ({ body }) => body,
    };
  },

  'hierarchy: read tags': (chosen, { idOf }) => ({
    ...sent(chosen, 'GET', `/orgs/${idOf(chosen.name)}/tags`),
    rule: (model, rights) => {
      admit(rights, chosen.caller, chosen.name, read('organization:read'));
      return organizationOf(model, chosen.name).tags;
    },
    view: ({ body }) => body,
  }),
};

/** Every command, those that others need to have happened before them more often. */
export const drawnCommands: readonly string[] = Object.keys(commands).flatMap((name) => {
  const often = [
    'platform: invite',
    'platform: accept',
    'platform: charge',
    'accounts: add users',
    'accounts: change users',
  ];
  const less = ['accounts: make', 'platform: make'];
  return Array(often.includes(name) ? 6 : less.includes(name) ? 1 : 3).fill(name);
});

/** Lists are read in more than one read, and so are compared only where nothing else happens. */
export const aloneOnly: readonly string[] = ['hierarchy: list children', 'accounts: list'];

const admin = '/clients/v1/organization-admin';

function sent(
  { caller, name }: Pick<Chosen, 'caller' | 'name'>,
  method: string,
  path: string,
  body?: unknown,
): Pick<Step, 'caller' | 'request' | 'title' | 'organization'> {
  return {
    caller,
    organization: name,
    request: { method, path, ...(body === undefined ? {} : { body }) },
    title: `${caller}: ${method} ${path} (${name})${body === undefined ? '' : ` ${JSON.stringify(body)}`}`,
  };
}

const aPersonOf = (home: string): Model['people'][string] => ({
  isLocked: false,
  isDeleted: false,
  hasSession: false,
  isAdministrator: false,
  home,
});

const canAct = (model: Model, person: string) => isThere(model, person) && !model.people[person]?.isLocked;

/** An invitation that waits for an answer, in time or not. */
function waiting({ invitations }: Organization, name: string): Organization['invitations'][string] {
  const found = invitations[name];
  if (!found) throw new Refusal('invitation_not_found');
  if (found.status !== 'pending') throw new Refusal('invitation_not_pending');
  return found;
}

/** The person whom an organization is about to change: it has to be their home, which alone brings deleted ones back. */
function managedPerson(
  model: Model,
  name: string,
  organization: Organization,
  rights: Rights,
  called: string,
  { bringsBack = false } = {},
) {
  const [member, person] = [organization.members[called], model.people[called]];
  if (!member || !person) throw new Refusal('member_not_found');
  if (person.isDeleted && !(bringsBack && person.home === name)) throw new Refusal('member_not_found');
  requireMayChange(rights, { roles: [...member.roles, ...rolesOf(model, called, name)] });
  if (person.home !== name) throw new Refusal('identity_managed_elsewhere');
  return person;
}

/** Changes a person everywhere; no living organization loses its last owner by it. */
function changePerson(model: Model, called: string, change: () => void): void {
  const memberships = Object.entries(model.organizations).filter(([, { members }]) => members[called]);
  const live = memberships.filter(([, { isDeleted }]) => !isDeleted).map(([, each]) => each);
  live.reduce((inner, each) => () => keepingOwners(model, each, inner), change)();
  for (const [name] of memberships) audit(model, name, 'member', 'update');
}

/** The secrets of a key that is there. */
function secretsOf(model: Model, name: string, key: string): Key[] {
  const secrets = Object.values(model.keys).filter(({ of, organization }) => of === key && organization === name);
  if (!secrets.some(({ works, isLast }) => works && isLast)) throw new Refusal('credential_not_found');
  return secrets;
}

/** What a caller has there that a key can be given. */
function heldBy(model: Model, caller: string, rights: Rights): ReadonlySet<string> {
  const mayMake = model.keys[caller]?.permissions.includes('organization:create') ?? true;
  return mayMake ? new Set([...rights.permissions, 'organization:create']) : rights.permissions;
}

function customize(model: Model, name: string, organization: Organization, to: Record<string, unknown>): unknown {
  if (JSON.stringify(organization.customizations) !== JSON.stringify(to))
    audit(model, name, 'customizations', 'update');
  organization.customizations = to;
  return to;
}

/** RFC 7396. */
function merged(present: unknown, patch: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(present as Record<string, unknown> | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = typeof value === 'object' ? merged(result[key], value as Record<string, unknown>) : value;
  }
  return result;
}

/** Where only a platform administrator may, it is mostly one who asks. */
const byAdministrator = (chosen: Chosen): Chosen =>
  chosen.number % 4 === 0 ? chosen : { ...chosen, caller: 'administrator' };

function withKey({ key, model }: Chosen): Pick<Chosen, 'caller' | 'name'> {
  return { caller: key, name: (model.keys[key] as Key).organization };
}

function organizationOf(model: Model, name: string): Organization {
  const organization = model.organizations[name];
  if (!organization) throw new Error(`There is no ${name}.`);
  return organization;
}

function rename(model: Model, called: string, organization: Organization, name: string): string {
  if (organization.name !== name) audit(model, called, 'organization', 'update');
  organization.name = name;
  return name;
}

/** Moves an organization below another, or to the top. */
function place(
  model: Model,
  { caller, name }: Pick<Chosen, 'caller' | 'name'>,
  { roles, isAdministrator }: Rights,
  parent: string | null,
): string | null {
  const organization = organizationOf(model, name);
  if (organization.parent === parent) return parent;
  if (!roles.includes('OWNER') && !isAdministrator) throw new Refusal('forbidden');
  if (parent !== null) {
    const held = permissionsElsewhere(model, caller, parent);
    const { isDeleted, status } = organizationOf(model, parent);
    if (isDeleted || !held) throw new Refusal('invalid_request');
    if (!held.has('children:create')) throw new Refusal('forbidden');
    if (wayDownTo(model, parent).includes(name)) throw new Refusal('hierarchy_cycle');
    if (status !== 'active') throw new Refusal('organization_not_active');
  }
  organization.parent = parent;
  audit(model, name, 'organization', 'update');
  return parent;
}

function makeOrganization(model: Model, { caller, fresh }: Chosen, name: string, parent: string | null): void {
  model.organizations[fresh] = anOrganizationOf(personBehind(model, caller), name, parent);
  audit(model, fresh, 'organization', 'insert');
}

function removeAll(
  model: Model,
  name: string,
  organization: Organization,
  rights: Rights,
  people: readonly string[],
): void {
  for (const person of people) memberOf(model, organization, person);
  for (const person of people) requireMayChange(rights, memberOf(model, organization, person));
  keepingOwners(model, organization, () => {
    for (const person of people) forget(organization, person);
  });
  for (const _ of people) audit(model, name, 'member', 'delete');
}

function move(
  model: Model,
  name: string,
  organization: Organization,
  type: 'charge' | 'credit',
  amount: number,
  points: number,
): void {
  organization.balance += type === 'charge' ? -amount : amount;
  organization.smsPoints += points;
  organization.ledger.push({ type, amount, balanceAfter: organization.balance });
  audit(model, name, 'wallet', 'insert');
}

const usersWish = ({ people, role, flag }: Chosen, idOf: World['idOf']) => ({
  is_active: flag,
  role,
  user_ids: people.map(idOf),
});

const shownUsers = ({ people, role, flag }: Chosen) => people.map((person) => `${person} ${role} ${flag}`).sort();

const usersIn = (users: { id: number; role: Role; is_active: boolean }[], nameOf: World['nameOf']) =>
  users.map(({ id, role, is_active: isActive }) => `${nameOf('user', id)} ${role} ${isActive}`).sort();

const roleId = (role: Role): number => roleNames.indexOf(role) + 1;
const roleOfId = (id: number): Role | undefined => roleNames[id - 1];

const adminRole = (role: Role): string => `organization_${role === 'CONTRIBUTOR' ? 'user' : role.toLowerCase()}`;
