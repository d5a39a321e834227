import { permissions } from '../../shared/domain/access/permissions.ts';
import { readToken } from '../../shared/domain/access/tokens.ts';
import { readIdentifier } from '../../shared/domain/identifiers.ts';
import { services } from '../support/all-services.ts';
import type { ApiAnswer, ApiRequest } from '../support/in-process-api.ts';
import { expiredInvitation, mintedToken } from '../support/invitations.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { aMemberWith, anOrganizationOf, type Key, type Model } from './reference-model.ts';

/** People whom the model knows by these names, with a session each. */
const namesOfPeople = ['owner', 'admin', 'contributor', 'candidate', 'outsider', 'administrator'] as const;
const homeless: readonly string[] = ['outsider', 'administrator'];

/** The same world twice: as the model has it, and behind the API, with what leads from the names of the one to the other. */
export interface World {
  readonly model: Model;
  call(caller: string, request: ApiRequest): Promise<ApiAnswer>;
  /** The id of what the model calls so. */
  idOf(name: string): number;
  /** What the model calls it, whatever the spelling. */
  nameOf(kind: Kind, spelled: unknown): string;
  /** Whether something was bound to the name. */
  isNamed(name: string): boolean;
  bind(kind: Kind, name: string, spelled: unknown): void;
  emailOf(name: string): string;
  nameOfEmail(email: string): string;
  /** What the mailer does: a token that works, for an invitation of the model. */
  mint(organization: string, invitation: string): Promise<void>;
  tokenOf(invitation: string): string | undefined;
  /** What time does: the invitation cannot be accepted any more. */
  expire(organization: string, invitation: string): Promise<void>;
  /** From now on a caller of this name has this key. */
  giveKey(caller: string, headers: Record<string, string>): void;
  /** Whether something can be sent in this name. */
  isCaller(name: string): boolean;
}

type Kind = 'organization' | 'user' | 'workspace' | 'invitation' | 'credential';

export const password = 'Correct-Horse-7';

/**
 * One organization with an OWNER, an ADMIN and a CONTRIBUTOR, a key of each of the first two, somebody who could be
 * added, somebody of whom nobody there knows, and a platform administrator.
 */
export async function openWorld(api: (request: ApiRequest) => Promise<ApiAnswer>): Promise<World> {
  const ids = new Map<string, number>();
  const names = new Map<string, string>();
  const tokens = new Map<string, string>();
  const rootId = services().newId();
  const people = await Promise.all(
    namesOfPeople.map((name) =>
      somebody({
        firstName: name,
        isPlatformAdministrator: name === 'administrator',
        homeOrganizationId: homeless.includes(name) ? null : rootId,
      }),
    ),
  );
  const [owner, admin, contributor] = people;
  if (!owner || !admin || !contributor) throw new Error('Somebody is missing.');
  const root = await anOrganization(owner, { id: rootId, name: 'Root' });
  await aMember(root, admin, ['ADMIN']);
  await aMember(root, contributor, ['CONTRIBUTOR']);
  const headers: Record<string, Record<string, string>> = {
    'key of owner': await aCredential(root, owner),
    'key of admin': await aCredential(root, admin),
    nobody: {},
  };
  for (const [at, name] of namesOfPeople.entries()) {
    const person = people[at];
    if (person) headers[name] = await signedIn(person);
  }

  const model: Model = {
    people: Object.fromEntries(
      namesOfPeople.map((name) => [
        name,
        {
          isLocked: false,
          isDeleted: false,
          hasSession: true,
          isAdministrator: name === 'administrator',
          home: homeless.includes(name) ? null : 'root',
        },
      ]),
    ),
    keys: {
      'key of owner': aKey('owner'),
      'key of admin': aKey('admin'),
    },
    organizations: {
      root: {
        ...anOrganizationOf('owner', 'Root', null),
        members: {
          owner: aMemberWith(['OWNER']),
          admin: aMemberWith(['ADMIN']),
          contributor: aMemberWith(['CONTRIBUTOR']),
        },
      },
    },
    audits: {},
  };
  const world: World = {
    model,
    call: (caller, { headers: more, ...request }) =>
      api({ ...request, headers: { ...headers[caller], ...(more ?? {}) } }),
    idOf(name) {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`Nothing is called ${name}.`);
      return id;
    },
    isNamed: (name) => ids.has(name),
    nameOf: (kind, spelled) => names.get(`${kind} ${numberOf(kind, spelled)}`) ?? `unknown ${kind} ${spelled}`,
    bind(kind, name, spelled) {
      const id = numberOf(kind, spelled);
      ids.set(name, id);
      names.set(`${kind} ${id}`, name);
    },
    emailOf: (name) =>
      people[(namesOfPeople as readonly string[]).indexOf(name)]?.email ?? `${name}-${root.id}@example.com`,
    nameOfEmail: (email) =>
      namesOfPeople.find((_, at) => people[at]?.email === email) ?? email.replace(`-${root.id}@example.com`, ''),
    async mint(organization, invitation) {
      tokens.set(invitation, await mintedToken(world.idOf(organization), world.idOf(invitation)));
    },
    tokenOf: (invitation) => tokens.get(invitation),
    expire: (organization, invitation) => expiredInvitation(world.idOf(organization), world.idOf(invitation)),
    giveKey(caller, key) {
      headers[caller] = key;
    },
    isCaller: (name) => headers[name] !== undefined,
  };
  world.bind('organization', 'root', root.id);
  for (const name of ['key of owner', 'key of admin']) {
    const token = readToken('id', headers[name]?.['client-id'] ?? '');
    world.bind('credential', name, token?.ids[1]);
  }
  for (const [at, name] of namesOfPeople.entries()) world.bind('user', name, people[at]?.id);
  return world;
}

const aKey = (maker: string): Key => ({
  of: `key of ${maker}`,
  maker,
  organization: 'root',
  permissions,
  works: true,
  isLast: true,
});

function numberOf(kind: Kind, spelled: unknown): number {
  const read = readIdentifier(kind, spelled as string | number);
  if (typeof read !== 'object') throw new Error(`${spelled} is no id.`);
  return read.id;
}
