import * as z from 'zod/mini';
import { errorsByField, platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { domainErrors, type FieldError } from '../../../shared/domain/errors.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { type InviteOutcome, invitedAtOnce, inviteMany } from '../../../shared/domain/invitation/invite-many.ts';
import type { InvitationDraft } from '../../../shared/domain/invitation/invite-member.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { fieldErrorsOf, sentenceFor } from '../../../shared/http/validation-messages.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { invitations, members, organizations, users } from '../../../shared/runtime/stores.ts';
import { InviteBody, toInvitationDraft } from './wire.ts';

const rowsMax = 100;

/** The answer repeats what every row says, and has to fit into the item that keeps it: no address is as long. */
const emailCharactersMax = 320;

/** So many invalid fields of a row are named at most, for the same reason. */
const fieldErrorsMax = 10;

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
  message: z.optional(z.string()),
  /** What is wrong with each field of the row, where it is `invalid_request`. */
  errors: z.optional(z.record(z.string(), z.array(z.string()))),
});
type RowOutcome = z.output<typeof RowOutcome>;

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
    const read = readRows(rows);
    const drafts = read.flatMap(({ draft }) => (draft ? [draft] : []));
    const outcomes = new Map<InvitationDraft | undefined, InviteOutcome>();
    for (let part = 0; part * invitedAtOnce < drafts.length; part += 1) {
      const some = drafts.slice(part * invitedAtOnce, (part + 1) * invitedAtOnce);
      const made = await commitPart(part, (work) => inviteMany(work, scope, some));
      for (const [at, outcome] of made.entries()) outcomes.set(some[at], outcome);
    }
    const data = read.map(({ email, draft, fields }) => toRowOutcome(email, outcomes.get(draft), fields));
    return respond(200, succeeded('Invitations processed.', data));
  },
);

/** A row as it was read: whom it invites or what is wrong with it. */
interface ReadRow {
  readonly email: string;
  readonly draft?: InvitationDraft;
  readonly fields?: readonly FieldError[];
}

/** Reads the rows, each address once: the first row that names it. */
function readRows(rows: readonly z.output<typeof Row>[]): ReadRow[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const { email } = row;
    const { success, data, error } = InviteBody.safeParse(row, { error: sentenceFor });
    if (!success) return { email, fields: fieldErrorsOf(error.issues).slice(0, fieldErrorsMax) };
    if (seen.has(data.email))
      return { email, fields: [{ field: 'email', message: 'An earlier row has this address.' }] };
    seen.add(data.email);
    return { email, draft: toInvitationDraft(data) };
  });
}

function toRowOutcome(
  email: string,
  outcome: InviteOutcome = { code: 'invalid_request', message: domainErrors.invalid_request },
  fields: readonly FieldError[] = [],
): RowOutcome {
  if ('id' in outcome) return { email, status: 'created', id: toUuid('invitation', outcome.id) };
  const errors = fields.length > 0 ? { errors: errorsByField(fields) } : {};
  return { email, status: 'failed', code: outcome.code, message: outcome.message, ...errors };
}
