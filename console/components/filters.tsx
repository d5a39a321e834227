import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';

/** The filters of a list: applied together, so that nobody waits for each letter. */
export function Filters({
  children,
  onApply,
  onClear,
}: {
  children: ComponentChildren;
  onApply: () => void;
  /** Nothing where there is nothing to clear. */
  onClear?: (() => void) | undefined;
}) {
  return (
    <form
      class="card filters"
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        onApply();
      }}
    >
      {children}
      <div class="row">
        <Button type="submit">Filter</Button>
        {onClear && (
          <Button kind="plain" onClick={onClear}>
            Clear
          </Button>
        )}
      </div>
    </form>
  );
}

/** The moment at which a day begins where the person is. @param day `YYYY-MM-DD`, or empty */
export function startOfDay(day: string): string | undefined {
  return day === '' ? undefined : new Date(`${day}T00:00`).toISOString();
}

/** The last moment of a day where the person is. @param day `YYYY-MM-DD`, or empty */
export function endOfDay(day: string): string | undefined {
  return day === '' ? undefined : new Date(`${day}T23:59:59.999`).toISOString();
}

/** The choices of a filter: any, or one of these words. */
export const anyOr = <Value extends string>(words: Readonly<Record<Value, string>>) => [
  { value: '' as const, label: 'Any' },
  ...(Object.keys(words) as Value[]).map((value) => ({ value, label: words[value] })),
];
