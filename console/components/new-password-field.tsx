import { TextField, type TextFieldProps } from './text-field.tsx';

/** Chooses a password. The service has the last word on it. */
export function NewPasswordField(props: Pick<TextFieldProps, 'value' | 'onInput' | 'error'>) {
  return (
    <TextField
      {...props}
      label="New password"
      type="password"
      name="password"
      autoComplete="new-password"
      required
      hint="At least 8 characters: upper-case and lower-case letters, a digit and another character."
    />
  );
}
