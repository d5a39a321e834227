import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readScheduleExpression } from '../../infra/local/schedule-expression.ts';
import { createSchedules } from '../../infra/local/schedules.ts';

function isDue(expression: string, time: string, timeZone = 'UTC'): boolean {
  const read = readScheduleExpression(expression, timeZone);
  return read.kind !== 'rate' && read.matches(new Date(time));
}

test.each([
  ['cron(0 3 * * ? *)', '2026-11-22T03:00:00Z', true],
  ['cron(0 3 * * ? *)', '2026-11-22T03:01:00Z', false],
  ['cron(*/15 8-10 ? * MON-FRI *)', '2026-11-23T09:45:00Z', true],
  ['cron(*/15 8-10 ? * MON-FRI *)', '2026-11-22T09:45:00Z', false],
  ['cron(5/20 * * * ? *)', '2026-11-22T09:45:00Z', true],
  ['cron(0 0 L * ? *)', '2028-02-29T00:00:00Z', true],
  ['cron(0 0 L * ? *)', '2028-02-28T00:00:00Z', false],
  ['cron(0 0 ? * 6L *)', '2026-11-27T00:00:00Z', true],
  ['cron(0 0 ? * 1#3 *)', '2026-11-15T00:00:00Z', true],
  ['cron(0 0 1 JAN,JUL ? 2027)', '2027-07-01T00:00:00Z', true],
  ['at(2026-12-24T18:30:00)', '2026-12-24T18:30:00Z', true],
  ['at(2026-12-24T18:30:00)', '2027-12-24T18:30:00Z', false],
])('%s at %s: %s', (expression, time, expected) => {
  expect(isDue(expression, time)).toBe(expected);
});

test('a schedule is kept in its own time zone', () => {
  expect(isDue('cron(0 3 * * ? *)', '2026-07-01T01:00:00Z', 'Europe/Berlin')).toBe(true);
  expect(isDue('cron(0 3 * * ? *)', '2026-12-01T02:00:00Z', 'Europe/Berlin')).toBe(true);
});

test.each(['rate(0 minutes)', 'rate(5 fortnights)', 'cron(* * *)', 'cron(61 * * * ? *)', 'cron(x * * * ? *)', 'often'])(
  '%s is refused',
  (expression) => {
    expect(() => readScheduleExpression(expression, 'UTC')).toThrow('does not know the schedule');
  },
);

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T02:58:30Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

const schedule = (expression: string, input = '{}') => ({
  name: expression,
  expression,
  timeZone: 'UTC',
  functionArn: expression,
  input,
});

test('functions are called when their schedules are due, with their input', async () => {
  const calls: string[] = [];
  const schedules = createSchedules((functionArn, event) => {
    calls.push(`${new Date().toISOString().slice(11, 16)} ${functionArn} ${event}`);
  });
  schedules.serve([
    schedule('rate(2 minutes)'),
    schedule('cron(0 3 * * ? *)', '{"at":"<aws.scheduler.scheduled-time>"}'),
  ]);
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  schedules.stop();
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  expect(calls).toEqual([
    '03:00 cron(0 3 * * ? *) {"at":"2026-11-22T03:00:00Z"}',
    '03:01 rate(2 minutes) {}',
    '03:03 rate(2 minutes) {}',
  ]);
});

test('a reload does not begin to count anew what stays as it was', async () => {
  let calls = 0;
  const schedules = createSchedules(() => {
    calls += 1;
  });
  for (let minute = 0; minute < 4; minute++) {
    schedules.serve([schedule('rate(2 minutes)')]);
    await vi.advanceTimersByTimeAsync(60_000);
  }
  schedules.stop();
  expect(calls).toBe(1);
});
