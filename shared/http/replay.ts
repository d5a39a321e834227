import type { IdempotencyRecord } from '../domain/access/idempotency-key.ts';
import { DomainError } from '../domain/errors.ts';
import type { HttpAnswer } from './exchange.ts';

/** The answer that an Idempotency-Key got before, byte for byte. @throws `idempotency_key_reused`, `already_made` */
export function replayOf(record: IdempotencyRecord, requestHash: string): HttpAnswer {
  if (record.requestHash !== requestHash) throw new DomainError('idempotency_key_reused');
  if (record.madeId !== null) {
    throw new DomainError('already_made', {
      message: `This was made already, as ${record.madeId}; its secret is shown once only.`,
    });
  }
  return {
    statusCode: record.status,
    headers: { ...record.headers, 'idempotent-replayed': 'true' },
    ...(record.body === null ? {} : { body: record.body }),
  };
}
