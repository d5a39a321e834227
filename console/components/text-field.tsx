import { useSignal } from '@preact/signals';
import type { InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import { Button } from './button.tsx';
import { Field } from './field.tsx';

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'number' | 'date' | 'url' | 'color' | undefined;
  readonly name?: string | undefined;
  readonly hint?: string | undefined;
  /** What is wrong with the value. */
  readonly error?: string | undefined;
  readonly required?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly readOnly?: boolean | undefined;
  readonly placeholder?: string | undefined;
  readonly autoComplete?: InputHTMLAttributes['autocomplete'] | undefined;
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
}

/** A field of one line. A password can be shown. */
export function TextField({
  label,
  hint,
  error,
  type = 'text',
  value,
  onInput,
  autoComplete,
  // A year of more digits is a slip, and no date of the API.
  max = type === 'date' ? '9999-12-31' : undefined,
  ...rest
}: TextFieldProps) {
  const id = useId();
  const shown = useSignal(false);
  // The types of Preact have a shape for each type of input, and this is all of them.
  const attributes = {
    ...rest,
    max,
    type: type === 'password' && shown.value ? 'text' : type,
    autocomplete: autoComplete,
  } as InputHTMLAttributes<HTMLInputElement>;
  const input = (
    <input
      {...attributes}
      id={id}
      class="control"
      value={value}
      aria-invalid={error ? true : undefined}
      aria-describedby={hint || error ? `${id}-about` : undefined}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      {type === 'password' ? (
        <div class="password">
          {input}
          <Button
            kind="plain"
            size="small"
            label={shown.value ? 'Hide the password' : 'Show the password'}
            onClick={() => {
              shown.value = !shown.value;
            }}
          >
            {shown.value ? 'Hide' : 'Show'}
          </Button>
        </div>
      ) : (
        input
      )}
    </Field>
  );
}

/** A field of several lines. */
export function TextArea({
  label,
  hint,
  error,
  value,
  onInput,
  ...rest
}: Pick<TextFieldProps, 'label' | 'hint' | 'error' | 'value' | 'onInput' | 'name' | 'required' | 'placeholder'>) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <textarea
        {...rest}
        id={id}
        class="control"
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-about` : undefined}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </Field>
  );
}
