import { expect, test } from 'vitest';
import { peopleIn } from '../../console/pages/members/people-in-text.ts';

test('people are read out of lists as mail programs write them', () => {
  const text = `ada@example.com, Grace Hopper <grace@example.com>;
    "Lovelace, Ada" <countess@example.com>\n\n'Turing; Alan' <alan@example.com>,`;
  expect(peopleIn(text)).toEqual([
    { email: 'ada@example.com' },
    { email: 'grace@example.com', name: 'Grace Hopper' },
    { email: 'countess@example.com', name: 'Lovelace, Ada' },
    { email: 'alan@example.com', name: 'Turing; Alan' },
  ]);
});

test('a quote that nobody closes swallows nobody', () => {
  expect(peopleIn(`Ada "Countess <ada@example.com>, o'neill@example.com\nd'arcy@example.com`)).toEqual([
    { email: 'ada@example.com', name: 'Ada Countess' },
    { email: "o'neill@example.com" },
    { email: "d'arcy@example.com" },
  ]);
});

test('who is in a list twice is invited once', () => {
  expect(peopleIn('Ada <ada@example.com>, grace@example.com, ADA@example.com')).toEqual([
    { email: 'ada@example.com', name: 'Ada' },
    { email: 'grace@example.com' },
  ]);
});
