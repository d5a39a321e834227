import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { changeOrganization } from '../../../shared/domain/organization/change-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { avatars, organizations } from '../../../shared/runtime/stores.ts';
import { WholeCustomizations } from './wire.ts';

/** Replaces all customizations. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'customizations.replace',
  method: 'PUT',
  path: '/orgs/{org_id}/customizations',
  summary: 'Replace the customizations',
  permission: 'customizations:write',
  table: { actions: ['PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: { body: z.strictObject({ customizations: WholeCustomizations }) },
  responses: { 200: z.object({ message: z.string(), customizations: z.record(z.string(), z.unknown()) }) },
  errors: ['precondition_failed'],
});

export const handler = serve(
  endpoint,
  { avatars, organizations },
  async ({ body: { customizations }, ifMatch, scope, work }) => {
    requireMatch(ifMatch, scope.organization);
    const organization = changeOrganization(work, scope, { customizations });
    return respond(
      200,
      { message: 'Organization customizations updated successfully', customizations: organization.customizations },
      { version: organization.version },
    );
  },
);
