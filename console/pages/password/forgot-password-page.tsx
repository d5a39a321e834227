import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { bind } from '../../components/bind.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainForm } from '../../components/plain-form.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { Door } from '../../shell/door.tsx';

/** Asks for a mail with which a new password can be chosen. */
export function ForgotPasswordPage() {
  const email = useSignal('');
  const isDone = useSignal(false);
  const action = useAction(async () => {
    await api('auth.password.forgot', { body: { email: email.value } });
    isDone.value = true;
  });
  return (
    <Door
      title="Forgot your password?"
      about={isDone.value ? undefined : 'You get a mail with a link to choose a new one.'}
    >
      {isDone.value ? (
        <Notice kind="good">If {email.value} has an account, a mail is on its way to it.</Notice>
      ) : (
        <PlainForm onSubmit={action.run}>
          {action.error !== undefined && <ErrorNotice error={action.error} />}
          <TextField
            {...bind(email)}
            label="Email"
            type="email"
            autoComplete="username"
            required
            error={action.fieldError('email')}
          />
          <Button type="submit" kind="primary" wide busy={action.busy}>
            Send the mail
          </Button>
        </PlainForm>
      )}
      <a class="small" href="/sign-in">
        Back to the sign-in
      </a>
    </Door>
  );
}
