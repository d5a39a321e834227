import { expect, test } from 'vitest';
import { freshIdentifiers } from '../../shared/runtime/fresh-identifiers.ts';

test('no identifier is given twice, however many are drawn in one millisecond', () => {
  const now = Date.UTC(2026, 5, 1);
  const next = freshIdentifiers(() => now, Math.random);
  const drawn = Array.from({ length: 10_000 }, next);
  expect(new Set(drawn).size).toBe(10_000);
  expect(drawn.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
});

test('identifiers follow the clock', () => {
  let now = Date.UTC(2026, 5, 1);
  const next = freshIdentifiers(() => now, Math.random);
  const before = next();
  now += 1;
  expect(next()).toBeGreaterThan(before);
});
