import { ClearError } from './clear-error.ts';

/** When a schedule is due. */
export type ScheduleExpression =
  | { readonly kind: 'rate'; readonly minutes: number }
  | { readonly kind: 'at'; readonly matches: (minute: Date) => boolean }
  | { readonly kind: 'cron'; readonly matches: (minute: Date) => boolean };

const minutesOf = { minute: 1, hour: 60, day: 24 * 60 } as const;
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** What a minute is called in a time zone. */
interface WallClock {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
  /** 1 is Sunday. */
  readonly weekday: number;
  readonly daysInMonth: number;
}

type FieldTest = (clock: WallClock) => boolean;

/**
 * Reads `rate(5 minutes)`, `at(2026-12-24T18:00:00)` or `cron(0 3 * * ? *)`.
 * @throws ClearError for anything else.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function readScheduleExpression(expression: string, timeZone: string): ScheduleExpression {
  const [, kind, content = ''] = /^(rate|at|cron)\((.*)\)$/.exec(expression.trim()) ?? [];
  const clock = wallClockOf(timeZone);
  if (kind === 'rate') {
    const [, value, unit] = /^(\d+) (minute|hour|day)s?$/.exec(content) ?? [];
    if (Number(value) > 0) return { kind, minutes: Number(value) * minutesOf[unit as keyof typeof minutesOf] };
  }
  if (kind === 'at') {
    const [year, month, day, hour, minute] = content.split(/[-T:]/).map(Number);
    if (minute !== undefined) {
      return {
        kind,
        matches: (date) => {
          const now = clock(date);
          return (
            now.year === year && now.month === month && now.day === day && now.hour === hour && now.minute === minute
          );
        },
      };
    }
  }
  if (kind === 'cron') {
    const [minutes, hours, days, months, weekdays, years, ...rest] = content.split(/\s+/);
    if (years !== undefined && rest.length === 0) {
      const tests: FieldTest[] = [
        field(minutes, 'minute', 0, 59),
        field(hours, 'hour', 0, 23),
        dayOfMonth(days ?? ''),
        field(months, 'month', 1, 12, monthNames, 1),
        dayOfWeek(weekdays ?? ''),
        field(years, 'year', 1970, 2199),
      ];
      return { kind, matches: (date) => tests.every((test) => test(clock(date))) };
    }
  }
  throw new ClearError(`The local stack does not know the schedule ${expression}.`);

  function dayOfMonth(text: string): FieldTest {
    if (text === 'L') return ({ day, daysInMonth }) => day === daysInMonth;
    return field(text, 'day', 1, 31);
  }

  function dayOfWeek(text: string): FieldTest {
    const [, lastOf] = /^(\w+)L$/.exec(text) ?? [];
    if (lastOf !== undefined) {
      const wanted = numberOf(lastOf, dayNames, 1);
      return ({ weekday, day, daysInMonth }) => weekday === wanted && day > daysInMonth - 7;
    }
    const [, nthOf, nth] = /^(\w+)#(\d)$/.exec(text) ?? [];
    if (nthOf !== undefined) {
      const wanted = numberOf(nthOf, dayNames, 1);
      return ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === Number(nth);
    }
    return field(text, 'weekday', 1, 7, dayNames, 1);
  }

  /** A list of values, ranges and steps. */
  function field(
    text: string | undefined,
    part: keyof WallClock,
    lowest: number,
    highest: number,
    names: readonly string[] = [],
    firstName = 0,
  ): FieldTest {
    if (text === '*' || text === '?') return () => true;
    const allowed = new Set<number>();
    for (const term of (text ?? '').split(',')) {
      const [range = '', step] = term.split('/');
      const [from, to] =
        range === '*' ? [lowest, highest] : range.split('-').map((name) => numberOf(name, names, firstName));
      const last = to ?? (step === undefined ? from : highest);
      if (from === undefined || last === undefined || from < lowest || last > highest || Number(step ?? 1) < 1) {
        throw new ClearError(`The local stack does not know the schedule ${expression}.`);
      }
      for (let value = from; value <= last; value += Number(step ?? 1)) allowed.add(value);
    }
    return (clock) => allowed.has(clock[part]);
  }

  function numberOf(text: string, names: readonly string[], firstName: number): number {
    const named = names.indexOf(text.toUpperCase());
    const value = named === -1 ? Number(text) : named + firstName;
    if (!Number.isInteger(value) || text === '')
      throw new ClearError(`The local stack does not know the schedule ${expression}.`);
    return value;
  }
}

function wallClockOf(timeZone: string): (minute: Date) => WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (date) => {
    const parts = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
    return {
      minute,
      hour,
      day,
      month,
      year,
      weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1,
      daysInMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    };
  };
}
