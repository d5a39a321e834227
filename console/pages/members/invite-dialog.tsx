import { useSignal } from '@preact/signals';
import type { AnswerOf } from '../../../shared/client/client.ts';
import { type Role, roles } from '../../../shared/domain/access/roles.ts';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { bind } from '../../components/bind.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { into } from '../../components/into.ts';
import { Notice } from '../../components/notice.tsx';
import { RoleSelect } from '../../components/role-select.tsx';
import { TextArea } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useOnce } from '../../components/use-once.ts';
import { openOrganization } from '../../shell/organization.ts';
import { peopleIn } from './people-in-text.ts';

type Outcome = AnswerOf<'platform.invitation.create_many'>['data'][number];

/** How many the service takes at once. */
const atOnceMax = 100;

/** Why somebody in the list was not invited, by the code of the answer. */
const reasons: Readonly<Record<string, string>> = {
  already_member: 'is a member already.',
  invitation_quota_reached: 'is one too many for today.',
  forbidden: 'may not be given that role by you.',
};

/** The same, where nothing is said of the code: what is wrong with a field, or the sentence of the answer. */
function refusalOf({ errors = {}, message = '' }: Outcome): string {
  return `was refused: ${Object.values(errors).flat().join(' ') || message}`;
}

/** Invites one person, or a pasted list. */
export function InviteDialog({ onClose, onDone }: { onClose: () => void; onDone?: (() => void) | undefined }) {
  const text = useSignal('');
  const role = useSignal<Role>('CONTRIBUTOR');
  const outcomes = useSignal<readonly Outcome[] | undefined>(undefined);
  const people = peopleIn(text.value);
  const once = useOnce();
  const action = useAction(async () => {
    const said = {
      path: { organizationId: openOrganization.value?.id ?? '' },
      body: { invitations: people.map((person) => ({ ...person, roles: [roles[role.value].id] })) },
    };
    const { body } = await api('platform.invitation.create_many', said, once(said));
    outcomes.value = body.data;
    onDone?.();
  });
  if (outcomes.value !== undefined) return <Result outcomes={outcomes.value} onClose={onClose} />;
  return (
    <ActionDialog
      title="Invite people"
      action={action}
      submit={people.length > 1 ? `Send ${people.length} invitations` : 'Send the invitation'}
      disabled={people.length === 0 || people.length > atOnceMax}
      onClose={onClose}
    >
      <TextArea
        {...bind(text)}
        label="Email addresses"
        required
        placeholder={'ada@example.com\nGrace Hopper <grace@example.com>'}
        hint={`One a line, or with commas between them; a name may stand before an address. At most ${atOnceMax} at once.`}
        error={people.length > atOnceMax ? `These are ${people.length}.` : undefined}
      />
      <RoleSelect value={role.value} onChange={into(role)} />
    </ActionDialog>
  );
}

function Result({ outcomes, onClose }: { outcomes: readonly Outcome[]; onClose: () => void }) {
  const failed = outcomes.filter(({ status }) => status === 'failed');
  const invited = outcomes.length - failed.length;
  return (
    <Dialog title="Invite people" onClose={onClose}>
      {invited > 0 && (
        <Notice kind="good">
          {invited === 1 ? 'One person is invited.' : `${invited} people are invited.`} The mails are on their way.
        </Notice>
      )}
      {failed.length > 0 && (
        <Notice kind="warn" title={failed.length === 1 ? 'One was not invited' : `${failed.length} were not invited`}>
          <ul>
            {failed.map((outcome) => (
              <li key={outcome.email}>
                {outcome.email} {reasons[outcome.code ?? ''] ?? refusalOf(outcome)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <DialogActions>
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  );
}
