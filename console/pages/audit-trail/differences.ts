import { spokenMoment } from '../../shell/format.ts';

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
    .map((name) => ({ name, before: old.get(name), after: present.get(name) }))
    .filter((one) => one.before !== one.after && !(isWhole && (one.before ?? one.after) === none));
}

function flat(data: Data, above = ''): Map<string, string> {
  return new Map(
    Object.entries(data).flatMap(([key, value]) => {
      const name = above === '' ? key.replaceAll('_', ' ') : `${above} › ${key}`;
      return isObject(value) && Object.keys(value).length > 0
        ? [...flat(value, name)]
        : [[name, inWords(value)] as const];
    }),
  );
}

function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inWords(value: unknown): string {
  if (value === null) return none;
  if (value === true || value === false) return value ? 'yes' : 'no';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return spokenMoment(value);
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (Array.isArray(value) && value.every((part) => typeof part !== 'object')) return value.join(', ') || none;
  return JSON.stringify(value);
}
