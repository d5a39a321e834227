import { spokenInstant, spokenMoment } from '../../shell/format.ts';

/** One thing that was changed, as `customizations.theme`. */
export interface Difference {
  readonly name: string;
  /** Nothing where it was not there. */
  readonly before: string | undefined;
  /** Nothing where it is not there any more. */
  readonly after: string | undefined;
}

const none = 'none';

type Data = Readonly<Record<string, unknown>>;

/** What differs between two states, each innermost thing by itself, in words that a person reads. */
export function differences(before: Data | null, after: Data | null): Difference[] {
  const [old, present] = [flat(before ?? {}), flat(after ?? {})];
  // What is made or removed says nothing of what it never had.
  const isWhole = before === null || after === null;
  return [...new Set([...old.keys(), ...present.keys()])]
    .map((name) => ({ name, ...inDifferentWords(old.get(name), present.get(name)) }))
    .filter((one) => one.before !== one.after && !(isWhole && (one.before ?? one.after) === none));
}

/** Two values, in words; where these are the same and the values are not, as precisely as they are stored. */
function inDifferentWords(before: unknown, after: unknown): Pick<Difference, 'before' | 'after'> {
  const [one, other] = [before, after].map((value) => (value === undefined ? undefined : inWords(value)));
  if (one !== other || JSON.stringify(before) === JSON.stringify(after)) return { before: one, after: other };
  return { before: precisely(before), after: precisely(after) };
}

function flat(data: Data, above = ''): Map<string, unknown> {
  return new Map(
    Object.entries(data).flatMap(([key, value]) => {
      const name = above === '' ? key.replaceAll('_', ' ') : `${above} › ${key}`;
      return isObject(value) && Object.keys(value).length > 0 ? [...flat(value, name)] : [[name, value] as const];
    }),
  );
}

function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inWords(value: unknown): string {
  if (value === null) return none;
  if (value === true || value === false) return value ? 'yes' : 'no';
  if (isMoment(value)) return spokenMoment(value);
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (Array.isArray(value) && value.every((part) => typeof part !== 'object')) return value.join(', ') || none;
  return JSON.stringify(value);
}

function precisely(value: unknown): string {
  return isMoment(value) ? spokenInstant(value) : JSON.stringify(value);
}

function isMoment(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
}
