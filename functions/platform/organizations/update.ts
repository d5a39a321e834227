import * as z from 'zod/mini';
import { platform } from '../../../shared/dialects/platform/envelope.ts';
import { invalidField } from '../../../shared/domain/errors.ts';
import { shownAvatarUrl } from '../../../shared/domain/organization/avatar.ts';
import { changeOrganization } from '../../../shared/domain/organization/change-organization.ts';
import { changeStatus } from '../../../shared/domain/organization/change-status.ts';
import { organizationStatuses } from '../../../shared/domain/organization/organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { lineOfText, organizationName } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { avatars, organizations } from '../../../shared/runtime/stores.ts';
import { PlatformOrganization, toPlatformOrganization } from './wire.ts';

const avatarUrlCharactersMax = 2_048;

/** Changes the profile and the status. What is not active takes no change but the one back. */
export const endpoint = defineEndpoint(platform, {
  operation: 'organization.update',
  method: 'PATCH',
  path: '/api/organizations/{organizationId}',
  summary: "Update an organization's details",
  permission: 'organization:update',
  allowedWhenInactive: true,
  table: { actions: ['PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: {
    body: z.strictObject({
      name: z.optional(organizationName),
      avatarUrl: z.optional(z.nullable(lineOfText(1, avatarUrlCharactersMax))),
      status: z.optional(z.enum(organizationStatuses)),
      statusReason: z.optional(lineOfText(1, 500)),
    }),
  },
  responses: { 200: PlatformOrganization },
  errors: ['forbidden', 'organization_not_active', 'precondition_failed'],
});

export const handler = serve(endpoint, { avatars, organizations }, async ({ body, scope, work, ifMatch }) => {
  const { name, avatarUrl, status, statusReason } = body;
  // What an upload has put there is no https address on every stage, but is always taken back.
  const isPresent = avatarUrl === shownAvatarUrl(scope.organization, work.settings.avatarsUrl);
  if (avatarUrl && !isPresent && !isHttpsUrl(avatarUrl)) throw invalidField('avatarUrl', 'Must be an https URL.');
  requireMatch(ifMatch, scope.organization);
  const { set, evenIfInactive } = changeStatus(scope, { status, statusReason });
  const profile = { ...set, name, avatarUrl: isPresent ? undefined : avatarUrl };
  const organization = changeOrganization(work, scope, profile, { evenIfInactive });
  return respond(200, toPlatformOrganization(organization, work.settings), { version: organization.version });
});

function isHttpsUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:' && !/\s/.test(text);
}
