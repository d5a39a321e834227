import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { once, openWalk, type Walk } from '../support/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});

test('an organization is read and changed, and has children', async () => {
  await walk.take('hierarchy-organization-read', {}, walk.asKey());
  // Twice: what changes nothing still has to find the walk.organization writable.
  for (const name of ['Acme Limited', 'Acme Limited'])
    await walk.take('hierarchy-organization-update', {}, walk.asOwner({ body: { name } }));
  const customizations = { colour: 'blue' };
  for (const body of [{ customizations }, { customizations }])
    await walk.take('hierarchy-customizations-replace', {}, walk.asOwner({ body }));
  expect((await walk.take('hierarchy-customizations-read', {}, walk.asOwner())).body).toEqual(customizations);
  await walk.take('hierarchy-tags-replace', {}, walk.asOwner({ body: { tags: ['green'] } }));
  expect((await walk.take('hierarchy-tags-read', {}, walk.asOwner())).body).toEqual(['green']);
  const child = await walk.take(
    'hierarchy-child-create',
    {},
    walk.asOwner({ headers: once(), body: { name: 'Junior' } }),
  );
  expect(JSON.stringify((await walk.take('hierarchy-child-list', {}, walk.asOwner())).body)).toContain('Junior');
  const headers = once();
  await walk.take(
    'hierarchy-child-create',
    { org_id: child.body.id },
    walk.asOwner({ headers, body: { name: 'Grandchild' } }),
  );
  await walk.take('hierarchy-organization-delete', { org_id: child.body.id }, walk.asOwner(), '?cascade=true');
});

test('a whole hierarchy is moved and deleted', async () => {
  const holding = await walk.newOrganization('Holding');
  const top = await walk.newOrganization('Top');
  const below = await walk.take('hierarchy-child-create', { org_id: top }, walk.asOwner({ body: { name: 'Below' } }));
  // The second makes nothing deeper, and only requires of the top what it was.
  for (const name of ['Bottom', 'Beside'])
    await walk.take('hierarchy-child-create', { org_id: below.body.id }, walk.asOwner({ body: { name } }));
  const headers = await walk.newKey(top, walk.owner.headers);
  for (const parent_id of [holding, null, holding])
    await walk.take('organization-admin-organization-update', {}, { headers, body: { parent_id } });
  for (const parent_org_id of [null, holding])
    await walk.take('hierarchy-organization-update', { org_id: top }, walk.asOwner({ body: { parent_org_id } }));
  await walk.take('hierarchy-organization-delete', { org_id: holding }, walk.asOwner(), '?cascade=true');
});

test('what was used is recorded, and whose storage it is', async () => {
  const { body: me } = await walk.take('auth-me-read', {}, walk.asOwner());
  const now = Date.now();
  const at = (milliseconds: number) => new Date(milliseconds).toISOString();
  const counted = { id: randomUUID(), meter: 'pages', quantity: 1.5, timestamp: at(now) };
  const storage = { meter: 'storage_bytes', quantity: 1024, timestamp: at(now), user_id: me.user.id };
  const earlier = { id: randomUUID(), meter: 'sms_points', quantity: 1, timestamp: at(now - 3_600_000) };
  for (const events of [[counted], [{ id: randomUUID(), ...storage }, earlier]]) {
    const { body } = await walk.take('hierarchy-usage-event-create', {}, walk.asOwner({ body: { events } }));
    expect(body.results.map(({ status }: { status: string }) => status)).toEqual(events.map(() => 'accepted'));
  }
});

test('the audit of what is below is read', async () => {
  await walk.take('hierarchy-children-audit-list', {}, walk.asOwner());
});

test('what has grown too deep for another place fits there once its last level is gone', async () => {
  const holding = await walk.newOrganization('Holding');
  const top = await walk.newOrganization('Level 1');
  const levels = [top];
  for (let level = 2; level <= 10; level += 1) {
    const named = { org_id: levels.at(-1) ?? top };
    const { body } = await walk.take(
      'hierarchy-child-create',
      named,
      walk.asOwner({ body: { name: `Level ${level}` } }),
    );
    levels.push(body.id);
  }
  await walk.take('hierarchy-organization-delete', { org_id: levels.at(-1) ?? top }, walk.asOwner());
  const headers = await walk.newKey(top, walk.owner.headers);
  await walk.take('organization-admin-organization-update', {}, { headers, body: { parent_id: holding } });

  const below = await walk.take(
    'hierarchy-child-create',
    { org_id: holding },
    walk.asOwner({ body: { name: 'Deeper' } }),
  );
  await walk.take('hierarchy-organization-delete', { org_id: levels.at(-2) ?? top }, walk.asOwner());
  const body = { parent_org_id: below.body.id };
  await walk.take('hierarchy-organization-update', { org_id: top }, walk.asOwner({ body }));
});

test('API keys are made, listed and taken back', async () => {
  const made = await walk.take(
    'hierarchy-api-key-create',
    {},
    walk.asOwner({ headers: once(), body: { name: 'walk' } }),
  );
  await walk.take('hierarchy-api-key-list', {}, walk.asOwner());
  const named = { key_id: made.body.id };
  await walk.take('hierarchy-api-key-rotate', named, walk.asOwner({ headers: once(), body: { overlap_seconds: 60 } }));
  await walk.take('hierarchy-api-key-delete', named, walk.asOwner());
});

test('the access log and the consumption are read', async () => {
  expect((await walk.take('hierarchy-access-log-list', {}, walk.asOwner())).body.length).toBeGreaterThan(0);
  await walk.stack.runJob('consumption-rollup');
  expect((await walk.take('hierarchy-consumption-read', {}, walk.asOwner())).body.api_calls).toBeGreaterThan(0);
});

test('no endpoint of the dialect is left out', () => {
  expect(walk.leftOut('hierarchy')).toEqual([]);
});
