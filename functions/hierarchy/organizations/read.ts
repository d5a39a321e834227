import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { HierarchyOrganization, toHierarchyOrganization } from './wire.ts';

/** One organization. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'organization.read',
  method: 'GET',
  path: '/orgs/{org_id}',
  summary: 'Retrieve an organization',
  permission: 'organization:read',
  table: { actions: [] },
  request: {},
  responses: { 200: HierarchyOrganization },
  errors: [],
});

export const handler = serve(endpoint, {}, async ({ scope }) =>
  respond(200, toHierarchyOrganization(scope.organization), { version: scope.organization.version }),
);
