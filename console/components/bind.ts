import type { Signal } from '@preact/signals';
import { into } from './into.ts';

/** Binds a field to a signal: `<TextField {...bind(email)} />`. */
export function bind(signal: Signal<string>) {
  return { value: signal.value, onInput: into(signal) };
}
