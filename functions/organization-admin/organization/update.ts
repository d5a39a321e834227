import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { updateOrganization } from '../../../shared/domain/organization/update-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { sentField } from '../../../shared/http/exchange.ts';
import { domainName, emailAddress, identifier, organizationName, someField } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { avatars, organizations } from '../../../shared/runtime/stores.ts';
import { AdminOrganization, toAdminOrganization } from './wire.ts';

/** Changes the organization of the credential; with another parent, its whole subtree moves. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'organization.update',
  method: 'PUT',
  path: '/clients/v1/organization-admin/organization/update',
  summary: 'Update organization',
  permission: 'organization:update',
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] },
  request: {
    body: z
      .strictObject({
        name: z.optional(organizationName),
        domain: z.optional(z.nullable(domainName)),
        contact: z.optional(z.nullable(emailAddress)),
        parent_id: z.optional(z.nullable(identifier('organization'))),
      })
      .check(someField),
  },
  responses: { 200: successOf(AdminOrganization) },
  errors: ['forbidden', 'domain_taken', 'hierarchy_cycle', 'hierarchy_too_deep', 'precondition_failed'],
});

export const handler = serve(endpoint, { avatars, organizations }, async ({ body, ifMatch, scope, work, exchange }) => {
  requireMatch(ifMatch, scope.organization);
  const { name, domain, contact, parent_id: parentId } = body;
  const asSent = { field: 'parent_id', spelled: sentField(exchange, 'parent_id') };
  const organization = await updateOrganization(work, scope, { name, domain, contact, parentId }, asSent);
  return respond(200, succeeded('Organization updated successfully.', toAdminOrganization(organization)), {
    version: organization.version,
  });
});
