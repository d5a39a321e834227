import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

/** Asks in front of the page until it is answered or closed. Show it by rendering it. */
export function Dialog({
  title,
  busy,
  onClose,
  children,
}: {
  title: string;
  /** What it began is under way, and its answer is shown here: until then it is not closed. */
  busy?: boolean | undefined;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  const close = () => {
    if (!busy) onClose();
  };
  useEffect(() => {
    const opener = document.activeElement;
    element.current?.showModal();
    // What is to be filled in comes before the way out.
    element.current?.querySelector<HTMLElement>('.control')?.focus();
    return () => {
      // It is gone by now, and so is the focus.
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      // A second Escape closes what the first one may not.
      closedby={busy ? 'none' : 'closerequest'}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <div class="dialog-inner">
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            class="icon-button"
            aria-label="Close"
            aria-disabled={busy || undefined}
            onClick={close}
          >
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** The answers at the end of a dialog. */
export function DialogActions({ children }: { children: ComponentChildren }) {
  return <div class="dialog-actions">{children}</div>;
}
