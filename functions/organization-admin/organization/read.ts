import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { AdminOrganization, toAdminOrganization } from './wire.ts';

/** The organization that the credential belongs to. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'organization.read',
  method: 'GET',
  path: '/clients/v1/organization-admin/organization/read',
  summary: 'Read organization',
  permission: 'organization:read',
  table: { actions: [] },
  request: {},
  responses: { 200: successOf(AdminOrganization) },
  errors: [],
});

export const handler = serve(endpoint, {}, async ({ scope: { organization } }) =>
  respond(200, succeeded('Organization details retrieved successfully.', toAdminOrganization(organization)), {
    version: organization.version,
  }),
);
