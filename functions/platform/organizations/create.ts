import * as z from 'zod/mini';
import { platform } from '../../../shared/dialects/platform/envelope.ts';
import { countryCodes } from '../../../shared/domain/organization/country-codes.ts';
import { createOrganization } from '../../../shared/domain/organization/create-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { organizationName } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';
import { PlatformOrganization, toPlatformOrganization } from './wire.ts';

const countryCode = z
  .string()
  .check(z.refine((code) => countryCodes.has(code), 'Not a country code of ISO 3166-1 alpha-2.'));

/** Makes an organization; the caller, or the maker of the calling credential, is its OWNER. */
export const endpoint = defineEndpoint(platform, {
  operation: 'organization.create',
  method: 'POST',
  path: '/api/organizations',
  summary: 'Create a new organization',
  permission: 'organization:create',
  table: { actions: ['Query', 'PutItem', 'UpdateItem'] },
  request: { body: z.strictObject({ name: organizationName, countryCode }) },
  responses: { 201: PlatformOrganization },
  errors: ['limit_reached'],
  idempotent: true,
});

export const handler = serve(endpoint, { members, organizations }, async ({ body, caller, work }) => {
  const organization = await createOrganization(work, caller, body);
  return respond(201, toPlatformOrganization(organization, work.settings));
});
