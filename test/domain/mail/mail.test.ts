import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeMail, quoted, spokenMoment } from '../../../shared/domain/mail/mail.ts';

const anything = fc.string({ unit: 'binary', maxLength: 300 });
const tricky = fc
  .array(
    fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      '\r\n',
      '\n',
      '\u202e',
      '\u2028',
      'https://',
      'www.',
      'a@b.c',
      '.',
      ':',
      '/',
      ' ',
      'x',
      '\ud800',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
const name = fc.oneof(anything, tricky);

/** What mail programs turn into links: a scheme, a host or an address, written without a break. */
const linkable = /\w+:\/|\w\.\w|[^\s\u200b]@[^\s\u200b]|www\.\w/;

describe('a text that somebody else chose', () => {
  test('is one well-formed line of limited length without directions, in which no program finds a link', () => {
    fc.assert(
      fc.property(name, (text) => {
        const safe = quoted(text);
        expect(safe).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(safe.isWellFormed()).toBe(true);
        expect([...safe.replaceAll('\u200b', '')].length).toBeLessThanOrEqual(121);
        expect(safe).not.toMatch(linkable);
      }),
    );
  });

  test('reads as it was written', () => {
    expect(quoted("  O'Neill & Söhne,  Ltd ").replaceAll('\u200b', '')).toBe("O'Neill & Söhne, Ltd");
    expect(quoted('St. Mary').replaceAll('\u200b', '')).toBe('St. Mary');
  });
});

describe('a mail', () => {
  const link = { label: 'Go', url: 'https://console.example.com/x#token=lt_1', token: 'lt_1' };

  test('has no markup but its own, whatever is written in it', () => {
    const tagsOf = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
    const write = (text: string) =>
      composeMail({
        to: 'a@example.com',
        subject: `To ${quoted(text)}`,
        paragraphs: [`From ${quoted(text)}`],
        link,
        footnotes: [`Ask ${quoted(text)}`],
        tags: {},
      });
    const own = tagsOf(write('Acme').html);
    fc.assert(
      fc.property(name, (text) => {
        const mail = write(text);
        expect(tagsOf(mail.html)).toEqual(own);
        expect(mail.subject).not.toMatch(/[\r\n]/);
        expect([...mail.text.matchAll(/\w+:\/\/\S+/g)].map(([url]) => url)).toEqual([link.url]);
      }),
    );
  });

  test('says the same in both parts, with the token apart in the plain one', () => {
    const { text, html } = composeMail({
      to: 'a@example.com',
      subject: 'Subject',
      paragraphs: ['First.', 'Second.'],
      link,
      footnotes: ['Last.'],
      tags: {},
    });
    expect(text).toBe(`Subject\n\nFirst.\n\nSecond.\n\nGo:\n${link.url}\n\nToken: lt_1\n\nLast.\n`);
    for (const part of ['Subject', 'First.', 'Second.', link.url, 'Last.']) expect(html).toContain(part);
  });
});

test('a moment is spoken in UTC', () => {
  expect(spokenMoment(Date.UTC(2026, 10, 22, 13, 5))).toBe('22 November 2026 at 13:05 UTC');
});
