import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import { requireWritable } from '../organization/require-writable.ts';
import type { Work } from '../work.ts';
import { auditedFields } from './make-credential.ts';

/** Deletes an API key; it stops working at once. @throws `credential_not_found` */
export async function deleteCredential(work: Work, scope: TenantScope, id: number): Promise<void> {
  const { stores, changes } = work;
  const credential = await stores.credentials.get(scope, id);
  if (!credential) throw new DomainError('credential_not_found');
  stores.credentials.delete(changes, scope, id);
  stores.organizations.change(changes, scope, { add: { credentials: -1 } });
  requireWritable(work, scope);
  changes.audit({
    organizationId: scope.organizationId,
    action: 'delete',
    entity: 'credential',
    entityId: String(id),
    oldData: auditedFields(credential),
    newData: null,
  });
}
