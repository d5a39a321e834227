import { randomUUID } from 'node:crypto';
import type { ScheduleDefinition } from './application.ts';
import { arnOf } from './resource-kinds.ts';
import { readScheduleExpression, type ScheduleExpression } from './schedule-expression.ts';

/** Functions that are called at set times. */
export interface Schedules {
  /** Keeps these from now on. A rate that stays as it was goes on counting. */
  serve(definitions: readonly ScheduleDefinition[]): void;
  stop(): void;
}

interface Kept {
  readonly definition: ScheduleDefinition;
  readonly expression: ScheduleExpression;
  /** When a rate is due next, in milliseconds since 1970. */
  due: number;
}

const minute = 60_000;

/**
 * Keeps schedules to the minute, as EventBridge Scheduler does. A rate counts from when it is first served.
 * @param begin calls a function without waiting for it
 */
export function createSchedules(begin: (functionArn: string, event: string) => void): Schedules {
  let kept = new Map<string, Kept>();
  let timer: NodeJS.Timeout;

  function awaitNextMinute(): void {
    timer = setTimeout(
      () => {
        const now = new Date(Math.floor(Date.now() / minute) * minute);
        for (const schedule of kept.values()) if (isDue(schedule, now)) fire(schedule.definition, now);
        awaitNextMinute();
      },
      minute - (Date.now() % minute),
    );
    timer.unref();
  }

  function fire({ functionArn, input, name }: ScheduleDefinition, time: Date): void {
    const event = input
      .replaceAll('<aws.scheduler.schedule-arn>', arnOf('scheduler', `schedule/default/${name}`))
      .replaceAll('<aws.scheduler.scheduled-time>', time.toISOString().replace('.000Z', 'Z'))
      .replaceAll('<aws.scheduler.execution-id>', randomUUID())
      .replaceAll('<aws.scheduler.attempt-number>', '1');
    begin(functionArn, event);
  }

  awaitNextMinute();
  return {
    serve(definitions) {
      const before = kept;
      kept = new Map(
        definitions.map((definition) => {
          const known = before.get(definition.name);
          const expression = readScheduleExpression(definition.expression, definition.timeZone);
          const unchanged = known?.definition.expression === definition.expression;
          const due = unchanged
            ? known.due
            : Date.now() + (expression.kind === 'rate' ? expression.minutes * minute : 0);
          return [definition.name, { definition, expression, due }];
        }),
      );
    },
    stop: () => clearTimeout(timer),
  };
}

function isDue(schedule: Kept, now: Date): boolean {
  const { expression } = schedule;
  if (expression.kind !== 'rate') return expression.matches(now);
  if (now.getTime() < schedule.due) return false;
  schedule.due += expression.minutes * minute;
  return true;
}
