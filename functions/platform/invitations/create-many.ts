import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { type InviteOutcome, invitedAtOnce, inviteMany } from '../../../shared/domain/invitation/invite-many.ts';
import type { InvitationDraft } from '../../../shared/domain/invitation/invite-member.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { invitations, members, organizations, users } from '../../../shared/runtime/stores.ts';
import { InviteBody, toInvitationDraft } from './wire.ts';

const rowsMax = 100;

/** The answer repeats what every row says, and has to fit into the item that keeps it: no address is as long. */
const emailCharactersMax = 320;

/** The form of a row. What its values are worth is decided row by row: `InviteBody`. */
const Row = z.strictObject({
  email: z.string().check(z.maxLength(emailCharactersMax)),
  name: z.optional(z.string()),
  roles: z.optional(z.array(z.int())),
});

const RowOutcome = z.object({
  email: z.string(),
  status: z.enum(['created', 'failed']),
  id: z.optional(z.uuid()),
  code: z.optional(z.string()),
});

/** Invites up to a hundred addresses. A row that cannot be invited fails alone; the others are invited. */
export const endpoint = defineEndpoint(platform, {
  operation: 'invitation.create_many',
  method: 'POST',
  path: '/api/organizations/{organizationId}/invitations',
  summary: 'Invite many users to the organization',
  permission: 'invitations:write',
  needsAllRights: true,
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: { body: z.strictObject({ invitations: z.array(Row).check(z.minLength(1), z.maxLength(rowsMax)) }) },
  responses: { 200: successOf(z.array(RowOutcome)) },
  errors: [],
  idempotent: true,
});

export const handler = serve(
  endpoint,
  { invitations, members, organizations, users },
  async ({ body: { invitations: rows }, scope, commitPart }) => {
    const drafts = readRows(rows);
    const outcomes = new Map<number, InviteOutcome>();
    for (let part = 0; part * invitedAtOnce < drafts.length; part += 1) {
      const some = drafts.slice(part * invitedAtOnce, (part + 1) * invitedAtOnce);
      const made = await commitPart(part, (work) =>
        inviteMany(
          work,
          scope,
          some.map(({ draft }) => draft),
        ),
      );
      for (const [at, { row }] of some.entries()) outcomes.set(row, made[at] ?? { code: 'internal' });
    }
    const data = rows.map(({ email }, at) => toRowOutcome(email, outcomes.get(at)));
    return respond(200, succeeded('Invitations processed.', data));
  },
);

/** The rows that can be understood, each address once: the first row that names it. */
function readRows(rows: readonly z.output<typeof Row>[]): { row: number; draft: InvitationDraft }[] {
  const seen = new Set<string>();
  return rows.flatMap((row, at) => {
    const read = InviteBody.safeParse(row);
    if (!read.success || seen.has(read.data.email)) return [];
    seen.add(read.data.email);
    return [{ row: at, draft: toInvitationDraft(read.data) }];
  });
}

function toRowOutcome(
  email: string,
  outcome: InviteOutcome = { code: 'invalid_request' },
): z.output<typeof RowOutcome> {
  if ('id' in outcome) return { email, status: 'created', id: toUuid('invitation', outcome.id) };
  return { email, status: 'failed', code: outcome.code };
}
