import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import type { AccessEntry } from '../../../shared/domain/access-log/access-entry.ts';
import { hourMilliseconds } from '../../../shared/domain/timestamp.ts';
import { services } from '../../support/all-services.ts';

/** What the access log of an organization says about the last hour. */
export async function accessLogOf(organizationId: number): Promise<readonly AccessEntry[]> {
  const now = Date.now();
  const query = { start: now - hourMilliseconds, end: now + hourMilliseconds, limit: 100 };
  const { accessLog, organizations } = services().stores;
  const { logShards = 16 } = (await organizations.get(organizationId)) ?? {};
  const { entries } = await accessLog.list(tenantWithoutCaller(organizationId), logShards, query);
  return entries;
}
