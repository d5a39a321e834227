import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { bind } from '../../components/bind.ts';
import { Button } from '../../components/button.tsx';
import { NewPasswordField } from '../../components/new-password-field.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainForm } from '../../components/plain-form.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { Door } from '../../shell/door.tsx';

/** Registers somebody, where anybody may. */
export function SignUpPage() {
  const firstName = useSignal('');
  const lastName = useSignal('');
  const email = useSignal('');
  const password = useSignal('');
  const isDone = useSignal(false);
  const action = useAction(async () => {
    await api('auth.registration.create', {
      body: {
        email: email.value,
        password: password.value,
        first_name: firstName.value,
        last_name: lastName.value,
      },
    });
    isDone.value = true;
  });
  if (isDone.value)
    return (
      <Door title="Look into your mail">
        <Notice kind="good">
          If {email.value} can be used, a mail is on its way to it. Its link confirms the address; then you can sign in.
        </Notice>
        <a href="/sign-in">To the sign-in</a>
      </Door>
    );
  return (
    <Door title="Create an account">
      <PlainForm onSubmit={action.run}>
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        <TextField
          {...bind(firstName)}
          label="First name"
          autoComplete="given-name"
          required
          error={action.fieldError('first_name')}
        />
        <TextField
          {...bind(lastName)}
          label="Last name"
          autoComplete="family-name"
          required
          error={action.fieldError('last_name')}
        />
        <TextField
          {...bind(email)}
          label="Email"
          type="email"
          autoComplete="username"
          required
          error={action.fieldError('email')}
        />
        <NewPasswordField {...bind(password)} error={action.fieldError('password')} />
        <Button type="submit" kind="primary" wide busy={action.busy}>
          Create the account
        </Button>
      </PlainForm>
      <p class="small">
        You have one? <a href="/sign-in">Sign in</a>
      </p>
    </Door>
  );
}
