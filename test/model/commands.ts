import type { Role } from '../../shared/domain/access/roles.ts';
import { toHex24, toUuid } from '../../shared/domain/identifiers.ts';
import { services } from '../support/all-services.ts';
import type { ApiAnswer, ApiRequest } from '../support/in-process-api.ts';
import {
  activeOwners,
  admit,
  aMemberWith,
  anOrganizationOf,
  audit,
  authenticate,
  childrenOf,
  type Demand,
  isVisible,
  keepingOwners,
  type Member,
  type Model,
  type Organization,
  personBehind,
  Refusal,
  type Rights,
  requireGrant,
  requireMayChange,
  requireWritable,
  roleNames,
  strongestFirst,
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
  /** Learns the ids of what was made. */
  bind?(answer: ApiAnswer): void | Promise<void>;
}

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
const callers = [
  ...Array(5).fill(anOwnerOfIt),
  ...['owner', 'admin', 'administrator', 'contributor', 'candidate', 'outsider', 'key of owner', 'key of admin'],
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
  return {
    model,
    caller:
      caller === anOwnerOfIt ? at([...owners, 'owner'], owners.length > 0 ? draw.other % owners.length : 0) : caller,
    key: at(['key of owner', 'key of owner', 'key of admin'], draw.caller),
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

function memberOf(organization: Organization, person: string): Member {
  const member = organization.members[person];
  if (!member) throw new Refusal('member_not_found');
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
        rename(model, 'root', organization, name),
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
      authenticate(rights, chosen.caller);
      makeOrganization(model, chosen, 'New', null);
    },
    view: none,
    bind: ({ body }) => bind('organization', chosen.fresh, body.id),
  }),

  'platform: make': (chosen, { bind }) => ({
    ...sent(chosen, 'POST', '/api/organizations', { name: 'New', countryCode: 'CH' }),
    organization: undefined,
    rule: (model, rights) => {
      authenticate(rights, chosen.caller);
      makeOrganization(model, chosen, 'New', null);
    },
    view: none,
    bind: ({ body }) => bind('organization', chosen.fresh, body.id),
  }),

  'delete an organization': (chosen, { idOf }) => {
    // Where the root goes early, little is left to tell.
    if (chosen.name === 'root' && chosen.number % 4 !== 0) return undefined;
    return {
      ...sent(chosen, 'DELETE', `/${chosen.flag ? 'orgs' : 'organizations'}/${idOf(chosen.name)}`),
      rule: change(chosen, write('organization:delete'), (model, organization) => {
        if (childrenOf(model, chosen.name).length > 0) throw new Refusal('has_children');
        organization.isDeleted = true;
        audit(model, chosen.name, 'organization', 'delete');
      }),
      view: none,
    };
  },

  'platform: restore': (anyone, { idOf }) => {
    const chosen = byAdministrator(anyone);
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
        .filter(([name]) => !(chosen.caller in model.keys) || name === 'root')
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
      admit(rights, chosen.caller, chosen.name, read('member'));
      const organization = organizationOf(model, chosen.name);
      if (organization.isDeleted) throw new Refusal('organization_not_found');
      const person = personBehind(model, chosen.caller);
      if (chosen.caller in model.keys && chosen.name !== 'root') throw new Refusal('member_not_found');
      memberOf(organization, person);
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
      const members = chosen.people.map((person) => memberOf(organization, person));
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
        removeAll(model, 'root', organization, rights, [chosen.person]);
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
        const member = memberOf(organization, chosen.person);
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
        const member = memberOf(organization, chosen.person);
        if (member.bytesLimit !== limit) audit(model, 'root', 'limit', 'update');
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
      rule: change(chosen, write('usage:write'), (_, organization) => {
        const member = organization.members[chosen.person];
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
        const member = memberOf(organization, chosen.person);
        requireMayChange(rights, member);
        const person = model.people[chosen.person];
        if (person?.home !== 'root') throw new Refusal('identity_managed_elsewhere');
        if (person.isLocked === chosen.flag) return chosen.flag;
        const memberships = Object.entries(model.organizations).filter(([, { members }]) => members[chosen.person]);
        const live = memberships.filter(([, { isDeleted }]) => !isDeleted).map(([, each]) => each);
        let lock = () => {
          person.isLocked = chosen.flag;
        };
        for (const each of live) {
          const inner = lock;
          lock = () => keepingOwners(model, each, inner);
        }
        lock();
        if (chosen.flag) person.hasSession = false;
        for (const [name] of memberships) audit(model, name, 'member', 'update');
        return chosen.flag;
      }),
      view: ({ body }) => body.data.is_locked,
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
        model.people[chosen.address] = { isLocked: false, hasSession: false, isAdministrator: false, home: 'root' };
        organization.members[chosen.address] = aMemberWith([chosen.role]);
        audit(model, 'root', 'member', 'insert');
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
        if (open) {
          open.roles = [...chosen.roles];
          open.token = null;
        } else {
          const earlier = Object.values(organization.invitations).filter((each) => each.email === chosen.address);
          organization.invitations[nth(earlier.length)] = {
            email: chosen.address,
            roles: [...chosen.roles],
            status: 'pending',
            token: null,
          };
        }
        audit(model, chosen.name, 'invitation', open ? 'update' : 'insert');
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
        const found = organization.invitations[invitation];
        if (!found) throw new Refusal('invitation_not_found');
        if (found.status !== 'pending') throw new Refusal('invitation_not_pending');
        found.status = 'revoked';
        audit(model, chosen.name, 'invitation', 'update');
      }),
      view: none,
    };
  },

  'platform: accept': (chosen, world) => {
    const invitations = Object.entries(chosen.organization.invitations);
    if (invitations.length === 0) return undefined;
    const [invitation, { email, token: working }] = at(invitations, chosen.number);
    const token = working ?? world.tokenOf(invitation);
    if (token === undefined || chosen.model.people[email]?.isLocked) return undefined;
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
        if (!found || found.token !== token || found.status !== 'pending' || organization.isDeleted) {
          throw new Refusal('invitation_gone');
        }
        if (!isNew && caller !== email) throw new Refusal('unauthorized');
        if (model.people[email]?.isLocked) throw new Refusal('wrong_password');
        if (organization.status !== 'active') throw new Refusal('organization_not_active');
        if (organization.members[email]) throw new Refusal('already_member');
        model.people[email] ??= { isLocked: false, hasSession: false, isAdministrator: false, home: chosen.name };
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

/** Where only a platform administrator may, it is mostly one who asks. */
const byAdministrator = (chosen: Chosen): Chosen =>
  chosen.number % 4 === 0 ? chosen : { ...chosen, caller: 'administrator' };

function withKey(chosen: Chosen): Pick<Chosen, 'caller' | 'name'> {
  return { caller: chosen.key, name: 'root' };
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
  for (const person of people) memberOf(organization, person);
  for (const person of people) requireMayChange(rights, memberOf(organization, person));
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
