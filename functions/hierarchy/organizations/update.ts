import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { patchCustomizations } from '../../../shared/domain/customizations/customizations.ts';
import { changeOrganization } from '../../../shared/domain/organization/change-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { organizationName } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { avatars, organizations } from '../../../shared/runtime/stores.ts';
import { CustomizationsPatch } from '../customizations/wire.ts';
import { HierarchyOrganization, toHierarchyOrganization } from './wire.ts';

/** Changes the name, and merges customizations into those that are there (RFC 7396). */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'organization.update',
  method: 'PATCH',
  path: '/orgs/{org_id}',
  summary: 'Update an organization',
  permission: 'organization:update',
  table: { actions: ['PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: {
    body: z.strictObject({ name: z.optional(organizationName), customizations: z.optional(CustomizationsPatch) }),
  },
  responses: { 200: HierarchyOrganization },
  errors: ['precondition_failed'],
});

export const handler = serve(endpoint, { avatars, organizations }, async ({ body, ifMatch, scope, work }) => {
  requireMatch(ifMatch, scope.organization);
  const { name, customizations: patch } = body;
  const customizations = patch && patchCustomizations(scope.organization.customizations, patch);
  const organization = changeOrganization(work, scope, {
    ...(name === undefined ? {} : { name }),
    ...(customizations === undefined ? {} : { customizations }),
  });
  return respond(200, toHierarchyOrganization(organization), { version: organization.version });
});
