import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';

/** The customizations of the organization, bare. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'customizations.read',
  method: 'GET',
  path: '/orgs/{org_id}/customizations',
  summary: 'Retrieve the customizations',
  permission: 'customizations:read',
  table: { actions: [] },
  request: {},
  responses: { 200: z.record(z.string(), z.unknown()) },
  errors: [],
});

export const handler = serve(endpoint, {}, async ({ scope: { organization } }) =>
  respond(200, organization.customizations, { version: organization.version }),
);
