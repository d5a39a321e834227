import type { CountedRequests } from '../domain/access/rate-limits.ts';
import type { ItemKey } from './table.ts';
import type { TableClient } from './table-client.ts';

/** How often a session or an API key has called stands on its own item, which every request reads. */

export function countedRequestsOf(item: Record<string, unknown> | undefined): CountedRequests | undefined {
  return item?.countedMinute === undefined
    ? undefined
    : { minute: Number(item.countedMinute), requests: Number(item.countedRequests) };
}

/**
 * Adds requests of a minute to those that the item counts of it, or begins to count that minute. What is gone, or counts
 * a later minute by now, is left as it is.
 *
 * @param known what was read: it tells which of the two writes will be the right one
 */
export async function addRequests(
  table: TableClient,
  key: ItemKey,
  { minute, requests }: CountedRequests,
  known: CountedRequests | undefined,
): Promise<void> {
  const add = () =>
    table.updateIf(key, { add: { countedRequests: requests } }, [
      { field: 'countedMinute', is: 'equal', value: minute, otherwise: 'retry' },
    ]);
  const begin = () =>
    table.updateIf(key, { set: { countedMinute: minute, countedRequests: requests } }, [
      { field: 'pk', is: 'present', otherwise: 'retry' },
      { field: 'countedMinute', is: 'absentOrBelow', value: minute, otherwise: 'retry' },
    ]);
  if (known?.minute !== minute && (await begin())) return;
  await add();
}
