import { argon2Sync, randomBytes } from 'node:crypto';
import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, test } from 'vitest';
import { hashPassword, isOutdated, verifyPassword } from '../../shared/domain/user/password.ts';
import { commonPasswords, passwordProblem } from '../../shared/domain/user/password-rules.ts';

describe('a password', () => {
  test.each([
    ['Sh0rt!a', 'Must have at least 8 characters.'],
    ['no-upper-1', 'Must contain an upper-case letter.'],
    ['NO-LOWER-1', 'Must contain a lower-case letter.'],
    ['No-Digit-', 'Must contain a digit.'],
    ['NoOther1x', 'Must contain another character.'],
    ['aaaaaaaa', 'Must contain an upper-case letter, a digit and another character.'],
    [`Aa1!${'x'.repeat(125)}`, 'Must have at most 128 characters.'],
    ['P@ssw0rd', 'This password is one of the commonest; choose another.'],
    ['Aa1!\ud800xyz', 'Not valid Unicode.'],
  ])('%s is refused: %s', (password, problem) => {
    expect(passwordProblem(password)).toBe(problem);
  });

  test.each(['Aa1!aaaa', `Aa1!${'x'.repeat(124)}`, 'Zwölf Monde 12', `Aa1!${'\u{1F600}'.repeat(124)}`])(
    '%s may be used',
    (password) => {
      expect(passwordProblem(password)).toBeUndefined();
    },
  );

  test('the refused common ones are those of the ten thousand commonest that pass the other rules in some case', () => {
    const canPass = (common: string) => {
      const letters = [...common].filter((character) => character.toLowerCase() !== character.toUpperCase());
      const [first = '', ...rest] = letters;
      const mixed = common.replace(first, first.toUpperCase());
      const problem = passwordProblem(mixed);
      return rest.length > 0 && (problem === undefined || problem.includes('commonest'));
    };
    const derived = dictionary['passwords-common'].slice(0, 10_000).filter(canPass);
    expect([...commonPasswords].sort()).toEqual(derived.sort());
  });
});

describe('a kept password', () => {
  test('is argon2id in PHC form with 19 MiB and 2 passes, and holds for that password alone', async () => {
    const nonce = randomBytes(16);
    const kept = await hashPassword('Correct horse 1', () => nonce);
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    const tag = argon2Sync('argon2id', {
      message: 'Correct horse 1',
      nonce,
      parallelism: 1,
      memory: 19_456,
      passes: 2,
      tagLength: 32,
    });
    expect(Buffer.from(kept.split('$').at(-1) ?? '', 'base64')).toEqual(tag);
    expect(await verifyPassword('Correct horse 1', kept)).toBe(true);
    expect(await verifyPassword('Correct horse 2', kept)).toBe(false);
    expect(isOutdated(kept)).toBe(false);
  });

  test('made with other parameters still holds, and is outdated', async () => {
    const nonce = randomBytes(16);
    const message = 'Correct horse 1';
    const tag = argon2Sync('argon2id', { message, nonce, parallelism: 1, memory: 1024, passes: 3, tagLength: 32 });
    const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const kept = `$argon2id$v=19$m=1024,t=3,p=1$${text(nonce)}$${text(tag)}`;
    expect(await verifyPassword(message, kept)).toBe(true);
    expect(isOutdated(kept)).toBe(true);
  });

  test('is the same password however its letters are composed', async () => {
    const kept = await hashPassword('Zwo\u0308lf 12', randomBytes);
    expect(await verifyPassword('Zw\u00f6lf 12', kept)).toBe(true);
  });

  test('that is none refuses every password and takes about as long', async () => {
    const kept = await hashPassword('Correct horse 1', randomBytes);
    const time = async (hash: string | null) => {
      const from = process.cpuUsage();
      for (let round = 0; round < 3; round += 1) expect(await verifyPassword('wrong', hash)).toBe(false);
      return process.cpuUsage(from).user;
    };
    await time(kept);
    const [known, unknown] = [await time(kept), await time(null)];
    expect(unknown).toBeGreaterThan(known / 2);
  });
});
