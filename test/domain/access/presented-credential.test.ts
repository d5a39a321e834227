import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CredentialHeaders, readCredentialHeaders } from '../../../shared/domain/access/presented-credential.ts';
import { hashSecret, secretBytesOf, writeToken } from '../../../shared/domain/access/tokens.ts';
import { DomainError } from '../../../shared/domain/errors.ts';
import { extentOf } from '../../support/extent.ts';

const secret = randomBytes(secretBytesOf('st'));
const secretHash = hashSecret(secret);
const sessionToken = writeToken('st', { ids: [11, 12], secret });
const apiKey = writeToken('ak', { ids: [21, 22, 23], secret });
const clientId = writeToken('id', { ids: [21, 22, 23], secret: Buffer.alloc(0) });
const clientSecret = writeToken('sk', { ids: [], secret });

const session = { kind: 'session', userId: 11, sessionId: 12, secretHash };
const credential = { kind: 'credential', organizationId: 21, credentialId: 22, makerId: 23, secretHash };

/** What reading the headers came to: the credential, or the code of the refusal. */
function read(headers: CredentialHeaders): unknown {
  try {
    return readCredentialHeaders(headers);
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

describe('a credential is read out of the header that it belongs in', () => {
  test.each<[string, CredentialHeaders, unknown]>([
    ['nothing', {}, undefined],
    ['Bearer with a session', { authorization: `Bearer ${sessionToken}` }, session],
    ['Bearer with an API key', { authorization: `Bearer ${apiKey}` }, credential],
    ['AccessKey', { authorization: `AccessKey ${apiKey}` }, credential],
    ['X-API-KEY', { 'x-api-key': apiKey }, credential],
    ['a service account', { 'client-id': clientId, 'client-secret': clientSecret }, credential],
    ['a scheme in another case', { authorization: `bEaReR ${sessionToken}` }, session],
    ['spaces around it', { authorization: `  Bearer   ${apiKey}  ` }, credential],
    ['spaces around an API key', { 'x-api-key': ` ${apiKey} ` }, credential],
  ])('%s', (_, headers, expected) => {
    expect(read(headers)).toEqual(expected);
  });
});

describe('what is malformed is unauthorized', () => {
  test.each<[string, CredentialHeaders]>([
    ['an empty Authorization', { authorization: '' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['a token without a scheme', { authorization: sessionToken }],
    ['Basic', { authorization: 'Basic eDp5' }],
    ['Digest with its commas', { authorization: 'Digest username="a", realm="b"' }],
    ['a session as an AccessKey', { authorization: `AccessKey ${sessionToken}` }],
    ['a session as X-API-KEY', { 'x-api-key': sessionToken }],
    ['a scheme in X-API-KEY', { 'x-api-key': `Bearer ${apiKey}` }],
    ['an empty X-API-KEY', { 'x-api-key': '' }],
    ['a Client-ID alone', { 'client-id': clientId }],
    ['a Client-Secret alone', { 'client-secret': clientSecret }],
    ['an empty Client-Secret', { 'client-id': clientId, 'client-secret': '' }],
    ['an empty Client-ID', { 'client-id': '', 'client-secret': clientSecret }],
    ['the two swapped', { 'client-id': clientSecret, 'client-secret': clientId }],
    ['an API key as a secret', { 'client-id': clientId, 'client-secret': apiKey }],
    ['two words after the scheme', { authorization: `Bearer ${apiKey} more` }],
  ])('%s', (_, headers) => {
    expect(read(headers)).toBe('unauthorized');
  });
});

describe('more than one credential is ambiguous, never a choice', () => {
  test.each<[string, CredentialHeaders]>([
    ['Authorization and X-API-KEY', { authorization: `Bearer ${sessionToken}`, 'x-api-key': apiKey }],
    ['Authorization and Client-ID', { authorization: `Bearer ${sessionToken}`, 'client-id': clientId }],
    ['X-API-KEY and a service account', { 'x-api-key': apiKey, 'client-id': clientId, 'client-secret': clientSecret }],
    ['garbage and a valid one', { authorization: 'x', 'x-api-key': apiKey }],
    // The gateway joins headers that were sent twice with a comma.
    ['Authorization twice', { authorization: `Bearer ${sessionToken},Bearer ${apiKey}` }],
    ['Authorization twice, the same', { authorization: `Bearer ${apiKey}, AccessKey ${apiKey}` }],
    ['X-API-KEY twice', { 'x-api-key': `${apiKey},${apiKey}` }],
    ['Client-ID twice', { 'client-id': `${clientId},${clientId}`, 'client-secret': clientSecret }],
    ['Client-Secret twice', { 'client-id': clientId, 'client-secret': `${clientSecret}, ${clientSecret}` }],
  ])('%s', (_, headers) => {
    expect(read(headers)).toBe('ambiguous_credentials');
  });
});

test('whatever stands in the headers is a credential that was written here, or a refusal', () => {
  const token = fc.constantFrom(sessionToken, apiKey, clientId, clientSecret);
  const changed = fc
    .tuple(token, fc.nat(), fc.string({ maxLength: 3 }))
    .map(([text, at, by]) => text.slice(0, at % text.length) + by + text.slice((at % text.length) + 1));
  const scheme = fc.constantFrom('Bearer ', 'AccessKey ', 'bearer\t', 'Basic ', '', ',', ' ');
  const piece = fc.oneof(token, changed, fc.string(), fc.string({ unit: 'binary' }));
  const value = fc.option(
    fc.array(fc.tuple(scheme, piece), { minLength: 1, maxLength: 3 }).map((parts) => parts.flat().join('')),
    { nil: undefined, freq: 2 },
  );
  fc.assert(
    fc.property(
      fc.record({ authorization: value, 'x-api-key': value, 'client-id': value, 'client-secret': value }),
      (headers) => {
        const found = read(headers);
        if (typeof found === 'string') expect(['unauthorized', 'ambiguous_credentials']).toContain(found);
        else expect([undefined, session, credential]).toContainEqual(found);
        const sent = Object.values(headers).filter((text) => text !== undefined);
        expect(found === undefined).toBe(sent.length === 0);
      },
    ),
    { numRuns: extentOf({ share: 500, whole: 2_000 }) },
  );
});

test('reading a header takes no longer the odder it is', () => {
  const odd = `Bearer${' '.repeat(5_000)}x${' '.repeat(5_000)},${'\tBearer '.repeat(500)}`;
  const begin = performance.now();
  for (let time = 0; time < 20; time += 1) expect(read({ authorization: odd })).toBe('unauthorized');
  expect(performance.now() - begin).toBeLessThan(1_000);
});
