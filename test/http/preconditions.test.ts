import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { toUuid } from '../../shared/domain/identifiers.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { acceptedVersions, entityTag } from '../../shared/http/respond.ts';
import { apiUnderTest } from '../support/api-under-test.ts';
import { aCredential, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';

const { call } = await apiUnderTest();
let organization: Organization;
let headers: Record<string, string>;
let key: Record<string, string>;
beforeEach(async () => {
  const owner = await somebody();
  organization = await anOrganization(owner);
  headers = await signedIn(owner);
  key = await aCredential(organization, owner);
});

const path = () => `/orgs/${organization.id}`;
const read = () => call({ method: 'GET', path: path(), headers });
const rename = (name: string, match?: string) =>
  call({
    method: 'PATCH',
    path: path(),
    headers: { ...headers, ...(match === undefined ? {} : { 'if-match': match }) },
    body: { name },
  });

describe('the tag of an organization', () => {
  test('is strong, stays while nothing changes, and changes with the organization', async () => {
    const [one, other] = [await read(), await read()];
    expect(one.headers.etag).toMatch(/^"[^"]+"$/);
    expect(other.headers.etag).toBe(one.headers.etag);
    const changed = await rename('Another');
    expect(changed.headers.etag).not.toBe(one.headers.etag);
    expect((await read()).headers.etag).toBe(changed.headers.etag);
  });

  test('is another in each dialect, and is honoured in all of them', async () => {
    const id = toUuid('organization', organization.id);
    const ofPlatform = await call({ method: 'GET', path: `/api/organizations/${id}`, headers });
    const ofAdmin = await call({
      method: 'GET',
      path: '/clients/v1/organization-admin/organization/read',
      headers: key,
    });
    const tags = [(await read()).headers.etag, ofPlatform.headers.etag, ofAdmin.headers.etag];
    expect(new Set(tags).size).toBe(3);
    let name = 0;
    for (const tag of tags) {
      name += 1;
      const fresh = (await read()).headers.etag?.split('-')[0];
      const current = `${fresh}-${tag?.split('-')[1]}`;
      expect((await rename(`Name ${name}`, current)).status).toBe(200);
      expect((await rename('Too late', current)).status).toBe(412);
    }
    expect((await read()).body.name).toBe('Name 3');
  });
});

describe('If-Match', () => {
  test('lets the present version pass, once', async () => {
    const { etag = '' } = (await read()).headers;
    expect((await rename('One', etag)).status).toBe(200);
    const late = await rename('Two', etag);
    expect(late).toMatchObject({ status: 412, body: { error: 'precondition_failed', code: 412 } });
    expect((await read()).body.name).toBe('One');
  });

  test('takes a list and a star, and no weak, foreign or broken tag', async () => {
    const current = async () => (await read()).headers.etag ?? '';
    expect((await rename('A', `"x", ${await current()} ,"y"`)).status).toBe(200);
    expect((await rename('B', '*')).status).toBe(200);
    for (const match of [`W/${await current()}`, '"x"', '', 'garbage', (await current()).slice(1, -1), '""', '"*"']) {
      expect([match, (await rename('No', match)).status]).toEqual([match, 412]);
    }
    expect((await read()).body.name).toBe('B');
  });

  test('decides between writers of the same version: one, and never two', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { etag = '' } = (await read()).headers;
      const answers = await Promise.all([1, 2, 3, 4, 5].map((at) => rename(`Round ${round}.${at}`, etag)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
      const won = answers.find(({ status }) => status === 200);
      expect((await read()).body.name).toBe(won?.body.name);
    }
  });

  test('says nothing to whom the organization is none of their business', async () => {
    headers = await signedIn(await somebody());
    expect((await rename('Mine', '"1-0000000000000000"')).status).toBe(404);
  });

  test('an invalid body comes before it', async () => {
    expect((await rename('', '"x"')).status).toBe(400);
  });
});

test('a tag accepts its own version and no other, whatever the header says', () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), fc.array(fc.string()), (version, body, rest) => {
      const accepted = acceptedVersions(
        [entityTag(version, body), ...rest.map((text) => text.replaceAll(',', ''))].join(','),
      );
      if (accepted === 'any') throw new Error('A list is no star.');
      expect(accepted.has(version)).toBe(true);
      for (const other of accepted) expect(Number.isInteger(other)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const accepted = acceptedVersions(text);
      expect(accepted === 'any' ? text.trim() : '*').toBe('*');
    }),
  );
});
