import * as z from 'zod/mini';
import { platform } from '../../../shared/dialects/platform/envelope.ts';
import { restoreOrganization } from '../../../shared/domain/organization/restore-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations } from '../../../shared/runtime/stores.ts';
import { PlatformOrganization, toPlatformOrganization } from './wire.ts';

/** Brings a deleted organization back within 30 days. */
export const endpoint = defineEndpoint(platform, {
  operation: 'organization.restore',
  method: 'POST',
  path: '/api/admin/organizations/{organization}/restore',
  summary: 'Restore a deleted organization',
  permission: 'platform-administrator',
  findsOrganization: true,
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: { path: z.object({ organization: identifier('organization') }) },
  responses: { 200: PlatformOrganization },
  errors: ['organization_not_found', 'not_deleted', 'parent_deleted', 'hierarchy_too_deep'],
});

export const handler = serve(endpoint, { organizations }, async ({ path, work, exchange }) => {
  const organization = await restoreOrganization(work, path.organization);
  // It is there again, so its access log tells who brought it back.
  exchange.organization = organization;
  return respond(200, toPlatformOrganization(organization, work.settings), { version: organization.version });
});
