import * as z from 'zod/mini';
import { accounts } from '../../shared/dialects/accounts/envelope.ts';
import { platform } from '../../shared/dialects/platform/envelope.ts';
import { defineEndpoint, type Endpoint, type RequestSchemas } from '../../shared/http/define-endpoint.ts';
import { identifier, organizationName } from '../../shared/http/fields.ts';
import type { EndpointWork } from '../../shared/http/handler-context.ts';
import { servePipeline } from '../../shared/http/pipeline.ts';
import { respond } from '../../shared/http/respond.ts';
import { services } from './all-services.ts';
import type { Served } from './in-process-api.ts';

/** An endpoint that only a test has, behind the pipeline that all have. */
export function sample<const Request extends RequestSchemas>(
  endpoint: Endpoint<Request>,
  work: EndpointWork<Request>,
): Served {
  return { endpoint: endpoint as Endpoint, handler: servePipeline(endpoint, work, services) };
}

/** Names its organization in the body. */
export const inBody = sample(
  defineEndpoint(accounts, {
    operation: 'sample.rename',
    method: 'PUT',
    path: '/organizations',
    summary: 'A write to an organization that the body names',
    permission: 'organization:update',
    organizationFrom: 'body.id',
    table: { actions: [] },
    request: { body: z.strictObject({ id: identifier('organization'), organization_name: organizationName }) },
    responses: { 200: z.object({ id: z.int() }) },
    errors: [],
  }),
  async ({ scope }) => respond(200, { id: scope.organizationId }),
);

/** Is for platform administrators alone. */
export const forAdministrators = sample(
  defineEndpoint(platform, {
    operation: 'sample.administer',
    method: 'POST',
    path: '/api/admin/organizations/{organization}/sample',
    summary: 'A write that only an administrator makes',
    permission: 'platform-administrator',
    table: { actions: [] },
    request: { body: z.strictObject({}) },
    responses: { 200: z.object({ id: z.int() }) },
    errors: [],
  }),
  async ({ scope }) => respond(200, { id: scope.organizationId }),
);
