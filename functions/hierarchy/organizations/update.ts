import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { patchCustomizations } from '../../../shared/domain/customizations/customizations.ts';
import { updateOrganization } from '../../../shared/domain/organization/update-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { sentField } from '../../../shared/http/exchange.ts';
import { identifier, organizationName } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { avatars, organizations } from '../../../shared/runtime/stores.ts';
import { CustomizationsPatch } from '../customizations/wire.ts';
import { HierarchyOrganization, toHierarchyOrganization } from './wire.ts';

/**
 * Changes the name, and merges customizations into those that are there (RFC 7396); with another parent, the whole subtree
 * moves.
 */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'organization.update',
  method: 'PATCH',
  path: '/orgs/{org_id}',
  summary: 'Update an organization',
  permission: 'organization:update',
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] },
  request: {
    body: z.strictObject({
      name: z.optional(organizationName),
      customizations: z.optional(CustomizationsPatch),
      parent_org_id: z.optional(z.nullable(identifier('organization'))),
    }),
  },
  responses: { 200: HierarchyOrganization },
  errors: ['forbidden', 'hierarchy_cycle', 'hierarchy_too_deep', 'precondition_failed'],
});

export const handler = serve(endpoint, { avatars, organizations }, async ({ body, ifMatch, scope, work, exchange }) => {
  requireMatch(ifMatch, scope.organization);
  const { name, customizations: patch, parent_org_id: parentId } = body;
  const customizations = patch && patchCustomizations(scope.organization.customizations, patch);
  const asSent = { field: 'parent_org_id', spelled: sentField(exchange, 'parent_org_id') };
  const organization = await updateOrganization(work, scope, { name, customizations, parentId }, asSent);
  return respond(200, toHierarchyOrganization(organization), { version: organization.version });
});
