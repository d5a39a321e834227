import { DomainError, type FieldError } from '../errors.ts';

/** What an organization keeps for the look of things: any JSON object within these limits. */
export type Customizations = Readonly<Record<string, unknown>>;

/** Size as JSON text in UTF-8; levels of nesting, the object itself being the first; characters of a key. */
const customizationsBytesMax = 65_536;
const levelsMax = 8;
const keyCharactersMax = 128;

/** The keys that mean something to Tenantry itself, and what they have to be where they are present. */
const knownKeys: Readonly<Record<string, { isValid(value: string): boolean; sentence: string }>> = {
  theme: {
    isValid: (value) => [...value].length <= 64,
    sentence: 'Must be a text of at most 64 characters.',
  },
  logo_url: {
    isValid: (value) => URL.canParse(value) && new URL(value).protocol === 'https:' && !/\s/.test(value),
    sentence: 'Must be an https URL.',
  },
  branding_color: {
    isValid: (value) => /^#[0-9a-f]{6}$/i.test(value),
    sentence: 'Must be a color as #rrggbb.',
  },
};

/**
 * What is wrong with customizations: each key of ours that is, and `customizations` itself where they are too large or too
 * deep. In a patch null removes a key, and what is large may make smaller.
 */
export function customizationErrors(customizations: Customizations, { isPatch = false } = {}): FieldError[] {
  const sentence = problemOf(customizations, levelsMax);
  // What is nested without end would exhaust the stack of whatever walks over it.
  if (sentence) return [{ field: 'customizations', message: sentence }];
  const errors: FieldError[] = [];
  for (const [key, { isValid, sentence }] of Object.entries(knownKeys)) {
    if (!Object.hasOwn(customizations, key)) continue;
    const value = customizations[key];
    if (isPatch && value === null) continue;
    if (typeof value !== 'string' || !isValid(value))
      errors.push({ field: `customizations.${key}`, message: sentence });
  }
  if (!isPatch && Buffer.byteLength(JSON.stringify(customizations)) > customizationsBytesMax) {
    errors.push({ field: 'customizations', message: 'Must have at most 64 KiB as JSON.' });
  }
  return errors;
}

/**
 * Customizations after a JSON Merge Patch: a null removes, an object merges, everything else replaces.
 * @param patch Without errors by itself.
 * @see RFC 7396
 * @throws `invalid_request` naming `customizations` where both together are too large
 */
export function patchCustomizations(present: Customizations, patch: Customizations): Customizations {
  const patched = merge(present, patch);
  const fields = customizationErrors(patched);
  if (fields.length > 0) throw new DomainError('invalid_request', { fields });
  return patched;
}

function problemOf(value: unknown, levelsLeft: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (levelsLeft === 0) return `Must be nested at most ${levelsMax} levels deep.`;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && [...key].length > keyCharactersMax) {
      return `Keys have at most ${keyCharactersMax} characters.`;
    }
    const sentence = problemOf(inner, levelsLeft - 1);
    if (sentence) return sentence;
  }
  return undefined;
}

function isObject(value: unknown): value is Customizations {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(present: unknown, patch: Customizations): Customizations {
  const merged = new Map(isObject(present) ? Object.entries(present) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, isObject(value) ? merge(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}
