import { DomainError, type DomainErrorCode, domainErrors } from '../../shared/domain/errors.ts';
import { type Endpoint, isPublic, isTenantEndpoint } from '../../shared/http/define-endpoint.ts';

/** The codes with which an endpoint may refuse: its own, and those of the pipeline in front of it. */
export function refusalsOf(endpoint: Endpoint): readonly DomainErrorCode[] {
  const { permission, request, idempotent, secretAnswer, method, errors } = endpoint;
  const isOpen = isPublic(permission);
  const isTenant = isTenantEndpoint(endpoint);
  const isForAnybodySignedIn = permission === 'signed-in';
  const codes: DomainErrorCode[] = ['invalid_request', 'internal', 'unavailable'];
  if (!isOpen) codes.push('unauthorized', 'ambiguous_credentials');
  if (!isOpen || endpoint.acceptsSession) codes.push('rate_limited');
  if (!isOpen && !isForAnybodySignedIn) codes.push('forbidden');
  if (isTenant && !isForAnybodySignedIn) codes.push('membership_inactive');
  if (isTenant && endpoint.dialect.credentials === 'any') codes.push('organization_not_found');
  if (isTenant && method !== 'GET' && !endpoint.allowedWhenInactive) codes.push('organization_not_active');
  if (request.body || request.file !== undefined) codes.push('payload_too_large', 'unsupported_media_type');
  if (idempotent) codes.push('idempotency_key_reused');
  if (idempotent && secretAnswer) codes.push('already_made');
  return [...new Set([...codes, ...errors])].sort();
}

/** The refusals of an endpoint as OpenAPI responses, by status: which codes there are, and how each one looks. */
export function refusalResponses(endpoint: Endpoint): Record<string, unknown> {
  const { dialect, path } = endpoint;
  const rendered = refusalsOf(endpoint).map((code) => {
    const fields = code === 'invalid_request' ? [{ field: 'name', message: 'Is required.' }] : [];
    const requestId = '0b6f2f4e-7d3a-4b62-9c1c-3f1f6a1c2d10';
    const now = Date.parse('2026-01-01T00:00:00Z');
    return { code, ...dialect.renderRefusal(new DomainError(code, { fields }), { requestId, path, now }) };
  });
  const byStatus = [...Map.groupBy(rendered, ({ status }) => status)].sort(([one], [other]) => one - other);
  return Object.fromEntries(
    byStatus.map(([status, refusals]) => [
      String(status),
      {
        description: refusals.map(({ code }) => `\`${code}\`: ${domainErrors[code]}`).join('\n\n'),
        headers: {
          'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
          Link: { $ref: '#/components/headers/Help' },
          ...(refusals.some(({ code }) => code === 'rate_limited') ? rateHeaders : {}),
          ...(status === 429 || status === 503 ? { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } : {}),
        },
        content: {
          [refusals[0]?.contentType ?? 'application/json']: {
            schema: { $ref: `#/components/schemas/${errorSchemaName(dialect.name)}` },
            examples: Object.fromEntries(refusals.map(({ code, body }) => [code, { value: body }])),
          },
        },
      },
    ]),
  );
}

const rateHeaders = {
  RateLimit: { $ref: '#/components/headers/RateLimit' },
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimit-Policy' },
};

/** What the error body of a dialect is called in the document: `OrganizationAdminError`. */
export function errorSchemaName(dialect: string): string {
  const words = dialect.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Error`;
}
