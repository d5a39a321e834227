import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { useAction } from '../../components/use-action.ts';
import { linkToken } from '../../session/link-token.ts';
import { session } from '../../session/session.ts';
import { Door } from '../../shell/door.tsx';

/** Confirms an address. With a button, because programs that look through mails open links too. */
export function VerifyPage() {
  const token = useSignal(linkToken()).value;
  const confirmed = useSignal<string | undefined>(undefined);
  const action = useAction(async () => {
    const { body } = await api('auth.registration.verify', { body: { token } });
    confirmed.value = body.user.email;
  });
  if (confirmed.value !== undefined)
    return (
      <Door title="The address is confirmed">
        <Notice kind="good">{confirmed.value} is yours.</Notice>
        {session.value ? (
          <ButtonLink href="/" kind="primary">
            Go on
          </ButtonLink>
        ) : (
          <ButtonLink href={`/sign-in?email=${encodeURIComponent(confirmed.value)}`} kind="primary">
            Sign in
          </ButtonLink>
        )}
      </Door>
    );
  return (
    <Door title="Confirm your address" about="One step is left.">
      {action.error !== undefined && <ErrorNotice error={action.error} />}
      <Button kind="primary" wide busy={action.busy} onClick={action.run}>
        Confirm the address
      </Button>
      <a class="small" href="/sign-in">
        To the sign-in
      </a>
    </Door>
  );
}
