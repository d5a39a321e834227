import type { ConsumptionStore } from '../domain/stores.ts';
import { readMonth } from './items.ts';
import { keyOf } from './table.ts';
import type { TableClient } from './table-client.ts';

export function consumptionStore(table: TableClient): ConsumptionStore {
  return {
    async month(tenant, month) {
      const [item] = await table.get([keyOf('consumptionMonth', { organization: tenant.organizationId, month })]);
      return item && readMonth(item);
    },
  };
}
