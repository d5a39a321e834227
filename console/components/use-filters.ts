import { useSignal } from '@preact/signals';

/** What is typed into filters, and what of it is applied: nothing is asked for while somebody types. `none`: no filter. */
export function useFilters<Values extends Readonly<Record<string, string>>>(none: Values) {
  const typed = useSignal(none);
  const applied = useSignal(none);
  const isFiltered = Object.values(applied.value).some((value) => value !== '');
  return {
    typed: typed.value,
    applied: applied.value,
    isFiltered,
    set(change: Partial<Values>) {
      typed.value = { ...typed.value, ...change };
    },
    onApply() {
      applied.value = { ...typed.value };
    },
    onClear: isFiltered
      ? () => {
          typed.value = none;
          applied.value = none;
        }
      : undefined,
  };
}
