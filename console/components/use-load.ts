import { type Signal, useSignal } from '@preact/signals';
import { useCallback, useEffect, useRef } from 'preact/hooks';

export interface Loaded<Value> {
  /** The last value: while a new one is on its way it stays. */
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly busy: boolean;
}

/**
 * Loads something, and anew whenever what it depends on changes. An answer that comes after a later question is dropped.
 * @returns the present state, and a function that loads anew
 */
export function useLoad<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  dependsOn: readonly unknown[],
): Loaded<Value> & { readonly reload: () => void } {
  const state: Signal<Loaded<Value>> = useSignal<Loaded<Value>>({ value: undefined, error: undefined, busy: true });
  const underWay = useRef<AbortController>(undefined);
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(() => {
    underWay.current?.abort();
    const controller = new AbortController();
    underWay.current = controller;
    state.value = { ...state.value, busy: true };
    latest.current(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) state.value = { value, error: undefined, busy: false };
      },
      (error) => {
        if (!controller.signal.aborted) state.value = { ...state.value, error, busy: false };
      },
    );
  }, [state]);
  useEffect(() => {
    reload();
    return () => underWay.current?.abort();
  }, dependsOn);
  return { ...state.value, reload };
}
