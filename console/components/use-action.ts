import { useSignal } from '@preact/signals';
import { ApiError } from '../../shared/client/api-error.ts';

export interface Action<Arguments extends readonly unknown[]> {
  readonly busy: boolean;
  readonly error: unknown;
  /** What is wrong with a field, by its name in the request. */
  fieldError(name: string): string | undefined;
  /** Does it, unless it is being done. @returns whether it was done */
  run(...values: Arguments): Promise<boolean>;
  /** Forgets what went wrong. */
  clear(): void;
}

/** Something a person does that takes a while and may be refused. */
export function useAction<Arguments extends readonly unknown[]>(
  work: (...values: Arguments) => Promise<unknown>,
): Action<Arguments> {
  const busy = useSignal(false);
  const error = useSignal<unknown>(undefined);
  return {
    busy: busy.value,
    error: error.value,
    fieldError: (name) =>
      error.value instanceof ApiError ? error.value.fields.find(({ field }) => field === name)?.message : undefined,
    async run(...values) {
      if (busy.peek()) return false;
      busy.value = true;
      // What went wrong once more is said once more.
      error.value = undefined;
      try {
        await work(...values);
        return true;
      } catch (refusal) {
        error.value = refusal;
        return false;
      } finally {
        busy.value = false;
      }
    },
    clear() {
      error.value = undefined;
    },
  };
}
