import type { Signal } from '@preact/signals';

/** Keeps what is typed or chosen. */
export function into<Value>(kept: Signal<Value>): (value: Value) => void {
  return (value) => {
    kept.value = value;
  };
}
