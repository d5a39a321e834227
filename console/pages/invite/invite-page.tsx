import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { AnswerOf } from '../../../shared/client/client.ts';
import { api, publicApi } from '../../api/api.ts';
import { bind } from '../../components/bind.ts';
import { Skeleton } from '../../components/busy.tsx';
import { Button } from '../../components/button.tsx';
import { NewPasswordField } from '../../components/new-password-field.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { PlainForm } from '../../components/plain-form.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { linkToken } from '../../session/link-token.ts';
import { readSession, session, signIn } from '../../session/session.ts';
import { Door } from '../../shell/door.tsx';

/** Accepts an invitation: where its mail leads to. */
export function InvitePage() {
  const token = useSignal(linkToken()).value;
  const { value, error, reload } = useLoad(
    async (signal) =>
      (await publicApi('platform.invitation.read', { path: { inviteToken: token } }, { signal })).body.data,
    [token],
  );
  if (value !== undefined) return <Acceptance invitation={value} token={token} />;
  if (error === undefined)
    return (
      <Door title="Your invitation">
        <Skeleton />
      </Door>
    );
  return (
    <Door title="This invitation cannot be accepted">
      <ErrorNotice error={error} retry={reload} />
      <p class="quiet small">Ask whoever invited you to send it again: the latest mail is the one whose link works.</p>
      <a href="/sign-in">To the sign-in</a>
    </Door>
  );
}

type Invitation = AnswerOf<'platform.invitation.read'>['data'];

function Acceptance({ invitation, token }: { invitation: Invitation; token: string }) {
  const { organizationName, email, accountExists } = invitation;
  const { route } = useLocation();
  const password = useSignal('');
  const signedIn = session.value?.user;
  const isAlreadyIn = signedIn?.email === email;
  const action = useAction(async () => {
    const path = { inviteToken: token };
    if (isAlreadyIn) {
      await api('platform.invitation.accept', { path, body: {} });
      await readSession();
    } else {
      const chosen = { password: password.value, ...(accountExists ? {} : { password_confirmation: password.value }) };
      await publicApi('platform.invitation.accept', { path, body: chosen });
      await signIn(email, password.value);
    }
    route('/', true);
  });
  return (
    <Door
      title={`Join ${organizationName}`}
      about={
        <>
          The invitation is for <strong>{email}</strong>, until{' '}
          {new Date(invitation.expiresAt).toLocaleDateString('en', { dateStyle: 'long' })}.
        </>
      }
    >
      <PlainForm onSubmit={action.run}>
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        {!isAlreadyIn && <input type="email" value={email} autocomplete="username" readOnly hidden />}
        {!isAlreadyIn && !accountExists && (
          <NewPasswordField {...bind(password)} error={action.fieldError('password')} />
        )}
        {!isAlreadyIn && accountExists && (
          <TextField
            {...bind(password)}
            label="Password"
            type="password"
            autoComplete="current-password"
            required
            hint="You have an account already: this is its password."
            error={action.fieldError('password')}
          />
        )}
        <Button type="submit" kind="primary" wide busy={action.busy}>
          Accept the invitation
        </Button>
      </PlainForm>
      {!isAlreadyIn && accountExists && (
        <a class="small" href="/forgot-password">
          Forgot your password?
        </a>
      )}
    </Door>
  );
}
