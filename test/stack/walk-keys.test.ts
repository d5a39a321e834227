import { beforeAll, expect, test } from 'vitest';
import { newIdentifier } from '../../shared/domain/identifiers.ts';
import { isPublic, isTenantEndpoint, organizationParameterOf } from '../../shared/http/define-endpoint.ts';
import { send } from '../support/http-client.ts';
import { eventually } from '../support/stack-under-test.ts';
import { newAddress, openWalk, type Walk } from '../support/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});

test('a key is noted as used, whatever it asks for', async () => {
  for (const { name, endpoint } of walk.registry.endpoints) {
    if (!isTenantEndpoint(endpoint) || isPublic(endpoint.permission)) continue;
    // A key and an walk.organization of its own: an instance notes the use of a key, and that an walk.organization is active,
    // once in a while and not at each request; and what the endpoint does may be the end of the walk.organization.
    const own = await walk.newOrganization(name);
    const { body: child } = await walk.take(
      'hierarchy-child-create',
      { org_id: own },
      walk.asOwner({ body: { name } }),
    );
    const headers = await walk.newKey(own, walk.owner.headers);
    const path = endpoint.path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
      String(parameter === organizationParameterOf(endpoint) ? child.id : newIdentifier(Date.now(), 0.5)),
    );
    const body = endpoint.request.body === undefined ? {} : { body: endpoint.organizationFrom ? { id: child.id } : {} };
    const answer = await send(endpoint.method, `${walk.stack.url}${path}`, { headers, ...body });
    expect(answer.status, `${name}: ${answer.text}`).toBeLessThan(500);
  }
  // Four requests for each of seventy endpoints.
}, 240_000);

test('a mail that comes back turns its invitation bounced', async () => {
  const email = newAddress();
  const { body } = await walk.take('platform-invitation-create', {}, walk.asOwner({ body: { email } }));
  await walk.mailedToken(email);
  await walk.stack.reportMail('bounce', email);
  await eventually(async () => {
    const listed = await walk.take('platform-invitation-list', {}, walk.asOwner(), '?status=bounced');
    return listed.body.data.some(({ id }: { id: string }) => id === body.data.id) || undefined;
  });
});
