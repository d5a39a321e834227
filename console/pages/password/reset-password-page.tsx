import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { api } from '../../api/api.ts';
import { bind } from '../../components/bind.ts';
import { Button } from '../../components/button.tsx';
import { NewPasswordField } from '../../components/new-password-field.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { PlainForm } from '../../components/plain-form.tsx';
import { useAction } from '../../components/use-action.ts';
import { linkToken } from '../../session/link-token.ts';
import { signIn } from '../../session/session.ts';
import { Door } from '../../shell/door.tsx';

/** Sets a new password: where the mail leads to. */
export function ResetPasswordPage() {
  const { route } = useLocation();
  const token = useSignal(linkToken()).value;
  const password = useSignal('');
  const action = useAction(async () => {
    const { body } = await api('auth.password.reset', { body: { token, password: password.value } });
    await signIn(body.user.email, password.value);
    route('/', true);
  });
  return (
    <Door title="Choose a new password" about="Wherever you are signed in, you will be signed out.">
      <PlainForm onSubmit={action.run}>
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        <NewPasswordField {...bind(password)} error={action.fieldError('password')} />
        <Button type="submit" kind="primary" wide busy={action.busy}>
          Set the password
        </Button>
      </PlainForm>
      <a class="small" href="/forgot-password">
        Ask for another mail
      </a>
    </Door>
  );
}
