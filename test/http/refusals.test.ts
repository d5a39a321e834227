import { describe, expect, test } from 'vitest';
import { accounts } from '../../shared/dialects/accounts/envelope.ts';
import { auth } from '../../shared/dialects/auth/envelope.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { dialectOfPath } from '../../shared/dialects/dialect-of-path.ts';
import { hierarchy } from '../../shared/dialects/hierarchy/envelope.ts';
import { organizationAdmin } from '../../shared/dialects/organization-admin/envelope.ts';
import { platform } from '../../shared/dialects/platform/envelope.ts';
import { statusOfError } from '../../shared/dialects/status-of-error.ts';
import { DomainError, type DomainErrorCode, domainErrors } from '../../shared/domain/errors.ts';

const context = { requestId: 'request-1', path: '/organizations/7', now: Date.parse('2026-03-04T05:06:07.089Z') };
const dialects: readonly Dialect[] = [organizationAdmin, platform, accounts, hierarchy, auth];
const codes = Object.keys(domainErrors) as DomainErrorCode[];

/** A refusal as a client gets it. */
function sent(dialect: Dialect, error: DomainError) {
  const { status, contentType, body } = dialect.renderRefusal(error, context);
  return { status, contentType, body: JSON.parse(JSON.stringify(body)) };
}

describe('each dialect words a conflict in its own documented shape', () => {
  const conflict = new DomainError('already_member', { message: 'A member: 7.' });
  test('organization-admin', () => {
    expect(sent(organizationAdmin, conflict)).toEqual({
      status: 409,
      contentType: 'application/json',
      body: { status: 'error', message: 'A member: 7.', code: 'already_member', request_id: 'request-1', data: null },
    });
  });
  test('platform', () => {
    expect(sent(platform, conflict)).toEqual({
      status: 409,
      contentType: 'application/json',
      body: { success: false, message: 'A member: 7.', code: 'already_member', requestId: 'request-1' },
    });
  });
  test('accounts', () => {
    expect(sent(accounts, conflict)).toEqual({
      status: 409,
      contentType: 'application/json',
      body: {
        timestamp: '2026-03-04T05:06:07.089Z',
        status: 409,
        error: 'Conflict',
        code: 'already_member',
        message: 'A member: 7.',
        request_id: 'request-1',
        path: '/organizations/7',
      },
    });
  });
  test('hierarchy', () => {
    expect(sent(hierarchy, conflict)).toEqual({
      status: 409,
      contentType: 'application/json',
      body: { message: 'A member: 7.', code: 409, error: 'already_member', request_id: 'request-1' },
    });
  });
  test('auth', () => {
    expect(sent(auth, conflict)).toEqual({
      status: 409,
      contentType: 'application/problem+json',
      body: {
        type: 'about:blank',
        title: 'A member: 7.',
        status: 409,
        code: 'already_member',
        request_id: 'request-1',
      },
    });
  });
});

describe('each dialect names invalid fields in its own documented shape, whatever they are called', () => {
  const names = ['name', '__proto__', 'constructor', 'toString', 'events.0.quantity'];
  const invalid = new DomainError('invalid_request', {
    fields: names.map((field) => ({ field, message: `No ${field}.` })),
  });
  const list = names.map((field) => ({ field, message: `No ${field}.` }));
  test('organization-admin and auth: a list', () => {
    expect(sent(organizationAdmin, invalid).body.errors).toEqual(list);
    expect(sent(auth, invalid).body.errors).toEqual(list);
  });
  test('accounts and hierarchy: a sentence for each', () => {
    const expected = list.map(({ field, message }) => [field, message]);
    expect(Object.entries(sent(accounts, invalid).body.fields)).toEqual(expected);
    expect(Object.entries(sent(hierarchy, invalid).body.fields)).toEqual(expected);
  });
  test('platform: sentences for each', () => {
    const expected = list.map(({ field, message }) => [field, [message]]);
    expect(Object.entries(sent(platform, invalid).body.errors)).toEqual(expected);
    const twice = new DomainError('invalid_request', {
      fields: [
        { field: 'name', message: 'One.' },
        { field: 'name', message: 'Two.' },
      ],
    });
    expect(sent(platform, twice).body.errors).toEqual({ name: ['One.', 'Two.'] });
  });
});

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (_, dialect) => {
  test.each(codes)('%s: has a stable word, the request id, its schema’s fields and a sentence', (code) => {
    const { status, body } = sent(dialect, new DomainError(code));
    const { required, properties } = dialect.errorSchema as {
      required: string[];
      properties: Record<string, unknown>;
    };
    expect(status).toBe(statusOfError[code]);
    expect(dialect.name === 'hierarchy' ? body.error : body.code).toBe(code);
    expect(body.request_id ?? body.requestId).toBe('request-1');
    expect(body.message ?? body.title).toMatch(/^[A-Z].*[.]$/);
    expect(Object.keys(body)).toEqual(expect.arrayContaining(required));
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(body)));
    const details = body.fields ?? body.errors;
    if (status === 400) expect(details).toBeDefined();
    else expect(details).toBeUndefined();
  });

  test('a fault of ours tells nothing of its cause', () => {
    const cause = new Error('secret-detail');
    expect(JSON.stringify(sent(dialect, new DomainError('internal', { cause })))).not.toContain('secret-detail');
  });

  test('has every path that begins with its prefix', () => {
    expect(dialectOfPath(dialect.pathPrefix)).toBe(dialect);
    expect(dialectOfPath(`${dialect.pathPrefix}/anything`)).toBe(dialect);
  });
});

test('organization-admin says what its page says for 401 and 500', () => {
  expect(sent(organizationAdmin, new DomainError('unauthorized')).body.message).toBe(
    'Unauthorized. Valid Client-ID and Client-Secret required.',
  );
  expect(sent(organizationAdmin, new DomainError('internal')).body.message).toBe(
    'Server error. An error occurred while processing the request.',
  );
});

test('a path that only begins like a dialect’s is not one of its own', () => {
  for (const path of ['/apix', '/orgs-x', '/organizationsx', '/clients/v1/organization-adminx', '/', '/openapi.json']) {
    expect(dialectOfPath(path)).toBe(auth);
  }
});
