import type { ComponentChildren } from 'preact';

/** A form that the page itself sends, with whatever buttons it brings. */
export function PlainForm({
  onSubmit,
  onInput,
  children,
}: {
  onSubmit: () => unknown;
  /** Something in it was changed. */
  onInput?: (() => void) | undefined;
  children: ComponentChildren;
}) {
  return (
    <form
      class="stack"
      onInput={onInput}
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}
