import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { Badge } from '../../components/badge.tsx';
import { bind } from '../../components/bind.ts';
import { Button } from '../../components/button.tsx';
import { Form } from '../../components/form.tsx';
import { NewPasswordField } from '../../components/new-password-field.tsx';
import { Section } from '../../components/section.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { readSession, session, signOut } from '../../session/session.ts';
import { PageHead } from '../../shell/page.tsx';

/** Who is signed in: names, address, password, session. */
export function ProfilePage() {
  const user = session.value?.user;
  if (!user) return null;
  return (
    <>
      <PageHead title="Your profile" about={user.email} />
      <div class="sections">
        <Names />
        <Email />
        <Password />
        <Section title="This session" about="Signing out ends the session in every tab of this browser.">
          <div>
            <Button onClick={signOut}>Sign out</Button>
          </div>
        </Section>
      </div>
    </>
  );
}

function Names() {
  const user = session.value?.user;
  const first = useSignal(user?.first_name ?? '');
  const middle = useSignal(user?.middle_name ?? '');
  const last = useSignal(user?.last_name ?? '');
  const suffix = useSignal(user?.suffix ?? '');
  const isDone = useSignal(false);
  const action = useAction(async () => {
    isDone.value = false;
    // A name that was not touched is not sent.
    await api('auth.me.update', {
      body: {
        ...(first.value === user?.first_name ? {} : { first_name: first.value }),
        ...(last.value === user?.last_name ? {} : { last_name: last.value }),
        middle_name: middle.value || null,
        suffix: suffix.value || null,
      },
    });
    await readSession();
    isDone.value = true;
  });
  return (
    <Section title="Name" about="As the members of your organizations see you.">
      <Form action={action} submit="Save" done={isDone.value ? 'Saved.' : undefined}>
        <div class="pair">
          <TextField
            label="First name"
            autoComplete="given-name"
            {...bind(first)}
            error={action.fieldError('first_name')}
          />
          <TextField
            label="Middle name (optional)"
            autoComplete="additional-name"
            {...bind(middle)}
            error={action.fieldError('middle_name')}
          />
          <TextField
            label="Last name (optional)"
            autoComplete="family-name"
            {...bind(last)}
            error={action.fieldError('last_name')}
          />
          <TextField
            label="Suffix (optional)"
            placeholder="PhD"
            autoComplete="honorific-suffix"
            {...bind(suffix)}
            error={action.fieldError('suffix')}
          />
        </div>
      </Form>
    </Section>
  );
}

function Email() {
  const user = session.value?.user;
  const email = useSignal('');
  const password = useSignal('');
  const sentTo = useSignal<string | undefined>(undefined);
  const action = useAction(async () => {
    sentTo.value = undefined;
    await api('auth.email.change', { body: { email: email.value, password: password.value } });
    sentTo.value = email.value;
    password.value = '';
  });
  return (
    <Section
      title="Email address"
      about={
        <>
          {user?.email}{' '}
          {user?.is_verified ? <Badge kind="good">Confirmed</Badge> : <Badge kind="warn">Unconfirmed</Badge>}
        </>
      }
    >
      <Form
        action={action}
        submit="Change the address"
        done={
          sentTo.value && `If nobody else has it, a mail is on its way to ${sentTo.value}: its link makes it yours.`
        }
      >
        <TextField
          label="New address"
          type="email"
          required
          autoComplete="email"
          {...bind(email)}
          error={action.fieldError('email')}
        />
        <TextField
          label="Your password"
          type="password"
          required
          autoComplete="current-password"
          {...bind(password)}
          error={action.fieldError('password')}
        />
      </Form>
    </Section>
  );
}

function Password() {
  const user = session.value?.user;
  const current = useSignal('');
  const password = useSignal('');
  const isDone = useSignal(false);
  const action = useAction(async () => {
    isDone.value = false;
    await api('auth.password.change', { body: { current_password: current.value, password: password.value } });
    current.value = '';
    password.value = '';
    isDone.value = true;
  });
  return (
    <Section title="Password" about="Whoever changes it is signed out everywhere else.">
      <Form
        action={action}
        submit="Change the password"
        done={isDone.value ? 'Changed. All your other sessions have ended.' : undefined}
      >
        <input type="hidden" name="username" autocomplete="username" value={user?.email} />
        <TextField
          label="Present password"
          type="password"
          required
          autoComplete="current-password"
          {...bind(current)}
          error={action.fieldError('current_password')}
        />
        <NewPasswordField {...bind(password)} error={action.fieldError('password')} />
      </Form>
    </Section>
  );
}
