import * as z from 'zod/mini';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';
import { amountMax, chargedServices, type LedgerEntry, movementTypes } from '../../../shared/domain/wallet/wallet.ts';
import { lineOfText } from '../../../shared/http/fields.ts';

export const amount = z.int().check(z.minimum(1), z.maximum(amountMax));
export const reason = z.optional(lineOfText(0, 500));
export const service = z.enum(chargedServices);

/** One movement of the wallet as this dialect shows it. */
export const Transaction = z.object({
  id: z.int(),
  type: z.enum(movementTypes),
  amount: z.int(),
  service: z.nullable(service),
  smsPoint: z.nullable(z.int()),
  reason: z.nullable(z.string()),
  balanceAfter: z.int(),
  createdBy: z.uuid(),
  createdAt: z.iso.datetime(),
});

export function toTransaction(entry: LedgerEntry): z.output<typeof Transaction> {
  return {
    id: entry.id,
    type: entry.type,
    amount: entry.amount,
    service: entry.service,
    smsPoint: entry.smsPoint,
    reason: entry.reason,
    balanceAfter: entry.balanceAfter,
    createdBy: toUuid('user', entry.createdById),
    createdAt: toIso(entry.createdAt),
  };
}
