import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { configuration } from '../../api/configuration.ts';
import { bind } from '../../components/bind.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainForm } from '../../components/plain-form.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { session, sessionHasEnded, signIn } from '../../session/session.ts';
import { Door } from '../../shell/door.tsx';

/** Signs in, and goes to where the person wanted to be. */
export function SignInPage() {
  const { query, route } = useLocation();
  const email = useSignal(query.email ?? '');
  const password = useSignal('');
  const action = useAction(() => signIn(email.value, password.value));
  const stage = useLoad(configuration, []).value;
  const isSignedIn = Boolean(session.value);
  const goal = insideOf(query.to);
  useEffect(() => {
    if (isSignedIn) route(goal, true);
  }, [isSignedIn, route, goal]);
  return (
    <Door title="Sign in">
      <PlainForm onSubmit={action.run}>
        {sessionHasEnded.value && <Notice kind="warn">Your session has ended. Sign in to go on.</Notice>}
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        <TextField {...bind(email)} label="Email" type="email" name="email" autoComplete="username" required />
        <TextField
          {...bind(password)}
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
        />
        <Button type="submit" kind="primary" wide busy={action.busy}>
          Sign in
        </Button>
      </PlainForm>
      <div class="row-apart small">
        <a href="/forgot-password">Forgot your password?</a>
        {stage?.signUpIsOpen && <a href="/sign-up">Create an account</a>}
      </div>
    </Door>
  );
}

/** A place of the console, whatever a link says. */
function insideOf(wanted: string | undefined): string {
  return wanted !== undefined && /^\/(?![/\\])/.test(wanted) ? wanted : '/';
}
