import { expect, test } from 'vitest';
import { differences } from '../../console/pages/audit-trail/differences.ts';

const expiry = (iso: string | null) => ({ expires_at: iso });

test('a moment is told to the minute, and as precisely as it takes where it has changed within one', () => {
  const before = expiry('2026-03-02T09:30:00.000Z');
  const [hour] = differences(before, expiry('2026-03-02T10:30:00.000Z'));
  expect(hour?.before).toMatch(/^Mar 2, 2026, \d+:30\s[AP]M$/);
  expect(hour?.after).toMatch(/^Mar 2, 2026, \d+:30\s[AP]M$/);
  const [second] = differences(before, expiry('2026-03-02T09:30:07.250Z'));
  expect(second?.before).toMatch(/^Mar 2, 2026, \d+:30:00.000\s[AP]M$/);
  expect(second?.after).toMatch(/^Mar 2, 2026, \d+:30:07.250\s[AP]M$/);
  expect(differences(before, before)).toEqual([]);
});

test('what is told in the same words, and is not the same, is told as it is stored', () => {
  expect(differences({ name: 'none', note: '' }, { name: null, note: '(empty)' })).toEqual([
    { name: 'name', before: '"none"', after: 'null' },
    { name: 'note', before: '""', after: '"(empty)"' },
  ]);
});
