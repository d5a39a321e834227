import type { AuditChange } from '../../shared/domain/changes.ts';
import { storedItems } from './stored-items.ts';

/** A change as the audit trail keeps it, with who made it. */
export interface AuditedChange extends AuditChange {
  readonly admin: string;
  readonly credentialId: number | null;
  readonly requestId: string;
}

/** Everything that was changed in an organization, in order, as its own audit trail tells it. */
export async function auditTrailOf({ id }: { readonly id: number }): Promise<AuditedChange[]> {
  const items = (await storedItems()).filter(
    ({ kind, organizationId }) => kind === 'auditEntry' && organizationId === id,
  );
  return items
    .toSorted((one, other) => (String(one.sk) < String(other.sk) ? -1 : 1))
    .flatMap(({ organizationId, admin, credentialId, requestId, changes }) =>
      JSON.parse(String(changes)).map((change: object) => ({
        organizationId,
        ...change,
        admin,
        credentialId,
        requestId,
      })),
    );
}
