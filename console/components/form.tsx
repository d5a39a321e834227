import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { ErrorNotice, Notice } from './notice.tsx';
import { PlainForm } from './plain-form.tsx';
import type { Action } from './use-action.ts';

/** A form of one action: what went wrong stands above, what was done below, with the button that does it. */
export function Form({
  action,
  submit,
  kind = 'primary',
  done,
  disabled,
  children,
}: {
  action: Action<[]>;
  /** What the button says. */
  submit: string;
  /** Of the button: primary where the form is what people come for. */
  kind?: 'primary' | 'quiet';
  /** What is said once it was done, until something is changed. */
  done?: string | undefined;
  disabled?: boolean | undefined;
  children: ComponentChildren;
}) {
  const isChanged = useSignal(false);
  return (
    <PlainForm
      onSubmit={() => {
        isChanged.value = false;
        return action.run();
      }}
      onInput={() => {
        isChanged.value = true;
      }}
    >
      {action.error !== undefined && <ErrorNotice error={action.error} />}
      {children}
      {done !== undefined && !isChanged.value && (
        <Notice kind="good">
          <p>{done}</p>
        </Notice>
      )}
      <div>
        <Button type="submit" kind={kind === 'primary' ? kind : undefined} busy={action.busy} disabled={disabled}>
          {submit}
        </Button>
      </div>
    </PlainForm>
  );
}
