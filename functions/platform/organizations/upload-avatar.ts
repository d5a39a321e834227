import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import {
  announceAvatar,
  avatarOf,
  isShown,
  setAvatar,
  shownAvatarUrl,
} from '../../../shared/domain/organization/avatar.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { readFormFile } from '../../../shared/http/multipart.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { putAvatar } from '../../../shared/runtime/avatar-objects.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { avatars, organizations } from '../../../shared/runtime/stores.ts';

/** Keeps an image and makes it the organization's avatar. What it is, its bytes say. */
export const endpoint = defineEndpoint(platform, {
  operation: 'avatar.upload',
  method: 'POST',
  path: '/api/organizations/{organization}/upload-avatar',
  summary: 'Upload media for an organization',
  permission: 'organization:update',
  table: { actions: ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] },
  avatars: 'put',
  request: { file: 'file' },
  responses: { 200: successOf(z.object({ avatarUrl: z.string() })) },
  errors: ['payload_too_large', 'unsupported_media_type', 'precondition_failed'],
});

export const handler = serve(
  endpoint,
  { avatars, organizations },
  async ({ ifMatch, scope, work, commitPart, exchange }) => {
    const bytes = readFormFile(exchange.sentBytes ?? Buffer.of(), exchange.headers['content-type'], 'file');
    const avatar = avatarOf(scope, bytes, work.newId());
    requireMatch(ifMatch, scope.organization);
    if (!isShown(scope, avatar)) {
      await commitPart(0, (part) => announceAvatar(part, scope, avatar));
      // Before it is shown, it is there.
      await putAvatar(avatar);
    }
    const organization = setAvatar(work, scope, avatar);
    const avatarUrl = shownAvatarUrl(organization, work.settings.avatarsUrl) ?? '';
    return respond(200, succeeded('File uploaded successfully', { avatarUrl }));
  },
);
