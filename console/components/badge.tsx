import type { ComponentChildren } from 'preact';

/** A word for a state. The word says it; the colour only helps. */
export function Badge({ kind, children }: { kind?: 'good' | 'warn' | 'bad' | 'brand'; children: ComponentChildren }) {
  return <span class={`badge ${kind ? `badge-${kind}` : ''}`}>{children}</span>;
}
