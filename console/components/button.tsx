import type { ComponentChildren } from 'preact';
import { Spinner } from './busy.tsx';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'danger' | 'plain' | undefined;
  readonly size?: 'small' | undefined;
  readonly type?: 'submit' | 'button' | undefined;
  readonly wide?: boolean | undefined;
  /** What it began is under way: it shows so, and does nothing. It keeps the focus. */
  readonly busy?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** There is nothing for it to do just now. Unlike one that is disabled, it keeps the focus. */
  readonly idle?: boolean | undefined;
  /** Said in place of what is shown, where several buttons show the same. Begins with what is shown. */
  readonly label?: string | undefined;
  readonly onClick?: (() => void) | undefined;
}

export function Button({
  children,
  kind,
  size,
  type = 'button',
  wide,
  busy,
  idle,
  disabled,
  label,
  onClick,
}: ButtonProps) {
  const classes = ['button', kind && `button-${kind}`, size && `button-${size}`, wide && 'button-wide'];
  return (
    <button
      type={type}
      class={classes.filter(Boolean).join(' ')}
      aria-disabled={busy || idle || undefined}
      aria-label={label}
      disabled={disabled}
      onClick={(event) => {
        if (busy || idle) event.preventDefault();
        else onClick?.();
      }}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  kind,
  size,
  children,
}: Pick<ButtonProps, 'kind' | 'size' | 'children'> & { href: string }) {
  return (
    <a href={href} class={['button', kind && `button-${kind}`, size && `button-${size}`].filter(Boolean).join(' ')}>
      {children}
    </a>
  );
}
