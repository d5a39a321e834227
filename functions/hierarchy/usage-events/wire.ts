import * as z from 'zod/mini';
import {
  smsMeter,
  storageMeter,
  type UsageEvent,
  type UsageOutcome,
} from '../../../shared/domain/usage/usage-event.ts';
import { identifier, isoMoment, lineOfText } from '../../../shared/http/fields.ts';

/** The quantity of a meter that means something to Tenantry; undefined where it is right. */
function quantityProblem(meter: string, quantity: number): string | undefined {
  if (meter === storageMeter && !Number.isSafeInteger(quantity)) return 'Must be a whole number of bytes.';
  if (meter === smsMeter && !(Number.isSafeInteger(quantity) && quantity > 0))
    return 'Must be a positive whole number.';
  return undefined;
}

/** A measurement to record. */
export const UsageEventRow = z
  .strictObject({
    id: lineOfText(1, 128),
    meter: lineOfText(1, 64).check(z.refine((name) => name !== '__proto__', 'Not the name of a meter.')),
    quantity: z.number().check(z.refine(Number.isFinite, 'Must be a finite number.')),
    timestamp: isoMoment.check(z.refine((moment) => moment >= 0, 'Must not be before 1970.')),
    user_id: z.optional(z.nullable(identifier('user'))),
  })
  .check((context) => {
    const { meter, quantity, user_id: userId } = context.value;
    const problem = quantityProblem(meter, quantity);
    if (problem) context.issues.push({ code: 'custom', input: quantity, path: ['quantity'], message: problem });
    if (meter === storageMeter && (userId === undefined || userId === null)) {
      const message = 'Whose storage it is has to be said.';
      context.issues.push({ code: 'custom', input: userId, path: ['user_id'], message });
    }
  });

const refusals = ['limit_exceeded', 'below_zero'] as const;

const refusalSentences: Readonly<Record<(typeof refusals)[number], string>> = {
  limit_exceeded: 'The user may not use as much storage.',
  below_zero: 'The user does not use as much storage.',
};

/** What became of each row, in order. */
export const UsageResults = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['accepted', 'duplicate', 'rejected']),
      code: z.optional(z.enum(refusals)),
      message: z.optional(z.string()),
    }),
  ),
});

export function toUsageEvent(row: z.output<typeof UsageEventRow>): UsageEvent {
  const { user_id: userId = null, ...event } = row;
  return { ...event, userId };
}

export function toUsageResult(outcome: UsageOutcome): z.output<typeof UsageResults>['results'][number] {
  return 'code' in outcome ? { ...outcome, message: refusalSentences[outcome.code] } : outcome;
}
