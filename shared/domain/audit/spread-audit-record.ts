import { pathOf } from '../organization/path.ts';
import type { Stores } from '../stores.ts';
import type { AuditRecordName } from './audit-entry.ts';

/**
 * Copies what a request changed in an organization into the trail of every organization above it. A copy has one place
 * in each trail, so doing it again, or going on after an interruption, changes nothing more.
 */
export async function spreadAuditRecord(
  { organizations, audit }: Pick<Stores, 'organizations' | 'audit'>,
  record: AuditRecordName,
): Promise<void> {
  const read = organizations.getManyEvenIfDeleted;
  const [organization] = await read([record.organizationId]);
  const above = organization ? await pathOf(organization, read) : [];
  const ids = above.map(({ id }) => id);
  if (ids.length > 0) await audit.copyTo(record, ids);
}
