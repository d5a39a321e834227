import type { ComponentChildren } from 'preact';

/** A control with its label, and what is to be known or wrong; the control is described by `<id>-about`. */
export function Field({
  id,
  label,
  hint,
  error,
  children,
}: {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {(hint || error) && (
        <div id={`${id}-about`}>
          {error && <p class="field-error">{error}</p>}
          {hint && <p class="field-hint">{hint}</p>}
        </div>
      )}
    </div>
  );
}
