import type { AuditChange } from '../changes.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What an audit entry tells of a change, by the fields as they were and as they are: those that differ. Of a thing that
 * was not there before, or is not there any more, all of them, and null for the other side.
 */
export function changedFields(
  before: Fields | undefined,
  after: Fields | undefined,
): Pick<AuditChange, 'oldData' | 'newData'> {
  if (!before || !after) return { oldData: before ?? null, newData: after ?? null };
  const isSame = (name: string) =>
    Object.hasOwn(before, name) === Object.hasOwn(after, name) &&
    JSON.stringify(before[name]) === JSON.stringify(after[name]);
  const only = (of: Fields) => Object.fromEntries(Object.entries(of).filter(([name]) => !isSame(name)));
  return { oldData: only(before), newData: only(after) };
}
