/** A password has from 8 to 128 characters. */
const charactersMin = 8;
const charactersMax = 128;

const kinds = [
  { name: 'an upper-case letter', form: /\p{Lu}/u },
  { name: 'a lower-case letter', form: /\p{Ll}/u },
  { name: 'a digit', form: /\p{Nd}/u },
  { name: 'another character', form: /[^\p{Lu}\p{Ll}\p{Nd}]/u },
];

/**
 * Of the ten thousand commonest passwords those that would pass the other rules in some mixture of upper and lower
 * case; the others are refused anyway. test/domain/password.test.ts derives them from the list of
 * `@zxcvbn-ts/language-common`.
 */
export const commonPasswords: ReadonlySet<string> = new Set(['sasha_007', 'p@ssw0rd']);

/** What is wrong with a new password, in a sentence for a person; undefined for one that may be used. */
export function passwordProblem(password: string): string | undefined {
  if (!password.isWellFormed()) return 'Not valid Unicode.';
  const characters = [...password].length;
  if (characters < charactersMin) return `Must have at least ${charactersMin} characters.`;
  if (characters > charactersMax) return `Must have at most ${charactersMax} characters.`;
  const missing = kinds.filter(({ form }) => !form.test(password)).map(({ name }) => name);
  if (missing.length > 0) return `Must contain ${listed(missing)}.`;
  if (commonPasswords.has(password.toLowerCase())) return 'This password is one of the commonest; choose another.';
  return undefined;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
