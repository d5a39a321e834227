import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { createChild } from '../../../shared/domain/organization/create-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { organizationName } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';
import { HierarchyOrganization, toHierarchyOrganization } from '../organizations/wire.ts';

/** Makes an organization below this one; the caller is its OWNER. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'child.create',
  method: 'POST',
  path: '/orgs/{org_id}/children',
  summary: 'Create a child organization',
  permission: 'children:create',
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: { body: z.strictObject({ name: organizationName }) },
  responses: { 201: HierarchyOrganization },
  errors: ['hierarchy_too_deep', 'limit_reached'],
  idempotent: true,
});

export const handler = serve(endpoint, { members, organizations }, async ({ body, scope, work }) => {
  const child = await createChild(work, scope, body);
  return respond(201, toHierarchyOrganization(child), { version: child.version });
});
