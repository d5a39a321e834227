import { platform } from '../../../shared/dialects/platform/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { PlatformOrganization, toPlatformOrganization } from './wire.ts';

/** One organization. */
export const endpoint = defineEndpoint(platform, {
  operation: 'organization.read',
  method: 'GET',
  path: '/api/organizations/{organizationId}',
  summary: 'Get an organization by ID',
  permission: 'organization:read',
  table: { actions: [] },
  request: {},
  responses: { 200: PlatformOrganization },
  errors: [],
});

export const handler = serve(endpoint, {}, async ({ scope, work }) =>
  respond(200, toPlatformOrganization(scope.organization, work.settings), { version: scope.organization.version }),
);
