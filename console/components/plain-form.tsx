import type { ComponentChildren } from 'preact';

/** A form that the page itself sends, with whatever buttons it brings. */
export function PlainForm({ onSubmit, children }: { onSubmit: () => unknown; children: ComponentChildren }) {
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}
