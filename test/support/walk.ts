import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { fallbackPath, type Registry, readRegistry } from '../../infra/endpoint-registry.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { organizationParameterOf } from '../../shared/http/define-endpoint.ts';
import { type Answer, type Sent, send } from './http-client.ts';
import { makeMember, makeOrganization, makeServiceAccount, type Person, signInAdministrator } from './stack-people.ts';
import { eventually, type StackUnderTest, stackUnderTest } from './stack-under-test.ts';

/**
 * A walk through endpoints: each one asked for what it is there for, by somebody who may. It shows that they work where
 * the stack runs, and it is what proves permissions: on a deployment nothing that is needed may be denied, and nothing
 * may be granted that no walk uses (test/permissions).
 */
export interface Walk {
  readonly registry: Registry;
  readonly stack: StackUnderTest;
  /** Headers of the platform administrator. */
  readonly administrator: Record<string, string>;
  /** An OWNER of the organization, homed there. */
  readonly owner: Person;
  /** UUID of the organization that a path names where nothing else is said. */
  readonly organization: string;
  /** Headers of a service account of the organization, with all that the owner may. */
  readonly key: Record<string, string>;
  /**
   * Asks an endpoint and expects one of the successes that it declares.
   * @param name as in the registry
   * @param named path parameters
   */
  take(name: string, named?: Readonly<Record<string, string | number>>, sent?: Sent, query?: string): Promise<Answer>;
  asOwner(more?: Sent): Sent;
  asAdministrator(body?: unknown): Sent;
  asKey(body?: unknown): Sent;
  /** A new organization of the owner's; its number. */
  newOrganization(name: string): Promise<number>;
  /** Headers of a new service account of an organization. */
  newKey(organization: string | number, maker: Record<string, string>): Promise<Record<string, string>>;
  /** The token that was mailed to an address; waits for one that is none of those known. */
  mailedToken(address: string, ...known: readonly string[]): Promise<string>;
  /** Endpoints of a dialect that were not taken yet. */
  leftOut(dialect: Dialect['name']): readonly string[];
}

export const walkersPassword = 'Analytical-Engine-1843';

/** An address that nobody has. */
export function newAddress(): string {
  return `walker-${randomUUID()}@example.com`;
}

/** A header that makes a request happen once. */
export function once(): Record<string, string> {
  return { 'idempotency-key': randomUUID() };
}

/** Opens a walk, with an organization of its own. */
export async function openWalk(): Promise<Walk> {
  const [registry, stack] = await Promise.all([readRegistry(), stackUnderTest()]);
  const administrator = await signInAdministrator(stack);
  const organization = await makeOrganization(stack, administrator, 'Walked');
  const owner = await makeMember(stack, organization, administrator, [1]);
  const key = await makeServiceAccount(stack, organization, owner.headers);
  const byName = new Map(registry.endpoints.map(({ name, endpoint }) => [name, endpoint]));
  const taken = new Set<string>();

  const walk: Walk = {
    registry,
    stack,
    administrator,
    owner,
    organization,
    key,
    async take(name, named = {}, sent = {}, query = '') {
      const endpoint = byName.get(name);
      if (endpoint === undefined) throw new Error(`There is no endpoint ${name}.`);
      const path = endpoint.path.replace(/\{(\w+)\}/g, (_, parameter: string) => {
        const value = named[parameter] ?? (parameter === organizationParameterOf(endpoint) ? organization : undefined);
        if (value === undefined) throw new Error(`${name} needs a ${parameter}.`);
        return encodeURIComponent(value);
      });
      const answer = await send(endpoint.method, `${stack.url}${path}${query}`, sent);
      expect(Object.keys(endpoint.responses), `${name}: ${answer.text}`).toContain(String(answer.status));
      taken.add(name);
      return answer;
    },
    asOwner: (more = {}) => ({ ...more, headers: { ...owner.headers, ...more.headers } }),
    asAdministrator: (body) => ({ headers: administrator, body }),
    asKey: (body) => ({ headers: key, body }),
    async newOrganization(organization_name) {
      const { body } = await walk.take('accounts-account-create', {}, walk.asOwner({ body: { organization_name } }));
      return body.id;
    },
    newKey: (of, maker) => makeServiceAccount(stack, String(of), maker),
    mailedToken: (address, ...known) =>
      eventually(async () => {
        const mails = (await stack.mails()).filter(({ to }) => to.includes(address));
        const tokens = mails.flatMap(({ text }) => /^Token: (\S+)$/m.exec(text)?.[1] ?? []);
        return tokens.find((token) => !known.includes(token));
      }),
    leftOut: (dialect) =>
      registry.endpoints
        .filter(({ name, endpoint }) => endpoint.dialect.name === dialect && !taken.has(name))
        .filter(({ endpoint }) => endpoint.path !== fallbackPath)
        .map(({ name }) => name),
  };
  return walk;
}
