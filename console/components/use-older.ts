import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** A part of a list that begins with the newest. */
interface Part<Entry> {
  readonly body: readonly Entry[];
  /** Where the older ones begin; nothing where there are none. */
  readonly nextCursor: string | undefined;
}

interface Read<Entry> {
  /** Nothing while the first part is on its way. */
  readonly entries: readonly Entry[] | undefined;
  readonly nextCursor: string | undefined;
  readonly error: unknown;
  readonly busy: boolean;
}

/** Reads a list from the newest on, further back as somebody asks, and anew when what it depends on changes. */
export function useOlder<Entry>(
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Part<Entry>>,
  dependsOn: readonly unknown[],
) {
  const none: Read<Entry> = { entries: undefined, nextCursor: undefined, error: undefined, busy: true };
  const state: Signal<Read<Entry>> = useSignal(none);
  const underWay = useRef<AbortController>(undefined);
  const read = async (so: Read<Entry>) => {
    const controller = new AbortController();
    underWay.current = controller;
    state.value = { ...so, error: undefined, busy: true };
    try {
      const { body, nextCursor } = await load(so.nextCursor, controller.signal);
      if (controller.signal.aborted) return;
      state.value = { entries: [...(so.entries ?? []), ...body], nextCursor, error: undefined, busy: false };
    } catch (error) {
      if (!controller.signal.aborted) state.value = { ...so, error, busy: false };
    }
  };
  useEffect(() => {
    void read(none);
    return () => underWay.current?.abort();
  }, dependsOn);
  const { entries, nextCursor, error, busy } = state.value;
  return {
    entries,
    error,
    busy,
    hasOlder: nextCursor !== undefined,
    /** Reads what is older; after an error, what could not be read. */
    older() {
      if (!state.peek().busy) void read(state.peek());
    },
  };
}
