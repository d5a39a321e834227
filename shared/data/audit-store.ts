import type { AuditEntry, AuditRecordName } from '../domain/audit/audit-entry.ts';
import type { AuditStore } from '../domain/audit/audit-store.ts';
import { monthOf } from '../domain/timestamp.ts';
import { readAuditRecord } from './items.ts';
import { readNewestFirst } from './newest-first.ts';
import { type ItemKey, keyOf, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';

/** The place of what one request changed in one organization: in its own trail, and in each of those above it. */
export function auditKey(trailOf: number, { organizationId, timestamp, requestId }: AuditRecordName): ItemKey {
  return keyOf('auditEntry', {
    organization: trailOf,
    month: monthOf(timestamp),
    time: timestamp,
    entry: `${requestId}.${organizationId}`,
  });
}

export function auditStore(table: TableClient): AuditStore {
  return {
    trail({ organizationId: organization }, { admins, action, entity, organizationId, ...query }) {
      const isFiltered = (admins ?? action ?? entity ?? organizationId) !== undefined;
      const matches = (entry: AuditEntry) =>
        (admins === undefined || admins.includes(entry.admin)) &&
        (action === undefined || entry.action === action) &&
        (entity === undefined || entry.entity === entity) &&
        (organizationId === undefined || entry.organizationId === organizationId);
      return readNewestFirst(table, {
        ...query,
        cursor: query.cursor,
        matches: isFiltered ? matches : undefined,
        shards: 1,
        partitions(start, end, months) {
          const partitions: string[] = [];
          let begins = firstOfMonth(monthOf(end));
          for (let count = 0; count < months; count += 1) {
            partitions.push(partitionOf('auditEntry', { organization, month: monthOf(begins) }));
            if (begins <= start) break;
            if (count + 1 < months) begins = firstOfMonth(monthOf(begins - 1));
          }
          return { partitions, begins };
        },
        entriesOf: (item) =>
          readAuditRecord(item).map((entry, at) => ({
            key: `${item.sk}#${String(at).padStart(4, '0')}`,
            entry: { ...entry, id: `${entry.requestId}.${entry.organizationId}.${entry.timestamp}.${at}` },
          })),
        bytesOf: ({ oldData, newData }) => Buffer.byteLength(JSON.stringify([oldData, newData])) + 400,
      });
    },

    async copyTo(record, above) {
      const [item] = await table.get([auditKey(record.organizationId, record)]);
      if (!item) return;
      await table.putAll(above.map((trail) => ({ ...item, ...auditKey(trail, record), kind: 'auditCopy' })));
    },
  };
}

const firstOfMonth = (month: string) => Date.parse(`${month}-01`);
