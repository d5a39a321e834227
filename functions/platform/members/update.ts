import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { assignMember } from '../../../shared/domain/member/assign-member.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations, workspaces } from '../../../shared/runtime/stores.ts';
import { roleIds } from '../role-ids.ts';
import { PlatformMember, toPlatformMember } from './wire.ts';

/** How many workspaces a request may name, duplicates included. */
const workspacesMax = 50;

/** Gives a member other roles and workspaces. */
export const endpoint = defineEndpoint(platform, {
  operation: 'member.update',
  method: 'PUT',
  path: '/api/organizations/{organizationId}/members/{memberId}',
  summary: "Update a member's roles and workspaces in an organization",
  permission: 'members:write',
  needsAllRights: true,
  table: {
    actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    indexes: ['inOrderOfRole'],
  },
  request: {
    path: z.object({ memberId: identifier('user') }),
    body: z.strictObject({
      workspaces: z.array(identifier('workspace')).check(z.maxLength(workspacesMax)),
      roles: roleIds,
    }),
  },
  responses: { 200: successOf(PlatformMember) },
  errors: ['member_not_found', 'forbidden', 'last_owner', 'precondition_failed'],
});

export const handler = serve(
  endpoint,
  { members, organizations, workspaces },
  async ({ path, body, ifMatch, scope, work, exchange }) => {
    const { workspaces: workspacesAsSent } = exchange.sentBody as { workspaces: readonly unknown[] };
    const wanted = { ...body, workspacesAsSent };
    const member = await assignMember(work, scope, path.memberId, wanted, (found) => requireMatch(ifMatch, found));
    // Every one of them was found a moment ago.
    return respond(
      200,
      succeeded(
        'Member update',
        toPlatformMember(member, () => true),
      ),
      { version: member.version },
    );
  },
);
