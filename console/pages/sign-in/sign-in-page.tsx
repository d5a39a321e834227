import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { session, signIn } from '../../session/session.ts';
import { Door } from '../../shell/door.tsx';

/** Signs in, and goes to where the person wanted to be. */
export function SignInPage() {
  const { query, route } = useLocation();
  const email = useSignal('');
  const password = useSignal('');
  const action = useAction(() => signIn(email.value, password.value));
  const isSignedIn = Boolean(session.value);
  const goal = insideOf(query.to);
  useEffect(() => {
    if (isSignedIn) route(goal, true);
  }, [isSignedIn, route, goal]);
  return (
    <Door title="Sign in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action.run();
        }}
      >
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        <TextField
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email.value}
          onInput={(value) => {
            email.value = value;
          }}
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password.value}
          onInput={(value) => {
            password.value = value;
          }}
        />
        <Button type="submit" kind="primary" wide busy={action.busy}>
          Sign in
        </Button>
      </form>
      <div class="row-apart small">
        <a href="/forgot-password">Forgot your password?</a>
        <a href="/sign-up">Create an account</a>
      </div>
    </Door>
  );
}

/** A place of the console, whatever a link says. */
function insideOf(wanted: string | undefined): string {
  return wanted !== undefined && /^\/(?!\/|\\)/.test(wanted) ? wanted : '/';
}
