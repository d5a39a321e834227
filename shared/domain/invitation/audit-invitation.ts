import { changedFields } from '../audit/changed-fields.ts';
import { toIso } from '../timestamp.ts';
import type { Work } from '../work.ts';
import { type Invitation, invitedName } from './invitation.ts';

/** Tells the audit trail what has become of an invitation; undefined stands for none before. Nothing is told of its token. */
export function auditInvitation({ changes }: Work, before: Invitation | undefined, after: Invitation): void {
  changes.audit({
    organizationId: after.organizationId,
    action: before ? 'update' : 'insert',
    entity: 'invitation',
    entityId: String(after.id),
    ...changedFields(before && audited(before), audited(after)),
  });
}

function audited(invitation: Invitation) {
  const { email, roles, status, expiresAt } = invitation;
  return { email, name: invitedName(invitation), roles, status, expires_at: toIso(expiresAt) };
}
