import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { into } from '../../components/into.ts';
import { ErrorNotice } from '../../components/notice.tsx';
import { PlainForm } from '../../components/plain-form.tsx';
import { RoleSelect } from '../../components/role-select.tsx';
import { useAction } from '../../components/use-action.ts';
import { readSession, session } from '../../session/session.ts';
import { openOrganization, readOrganization } from '../../shell/organization.ts';
import type { Member } from './member.ts';

/** Changes a member's role, suspends or removes them. */
export function MemberDialog({
  member,
  onClose,
  onChange,
}: {
  member: Member;
  onClose: () => void;
  onChange: () => void;
}) {
  const organization = openOrganization.value;
  const path = { organization_id: organization?.id ?? '' };
  const role = useSignal(member.role);
  const isRemoving = useSignal(false);
  const { route } = useLocation();
  const done = async () => {
    onClose();
    if (member.id === session.peek()?.user.id) {
      // What is offered is what the caller may do now; whoever has left themselves nothing goes.
      const isStillIn = await readSession()
        .then(() => readOrganization(path.organization_id))
        .catch(() => undefined);
      if (isStillIn === undefined) route('/');
    }
    onChange();
  };
  const update = useAction(async (change: Partial<Pick<Member, 'role' | 'is_active'>>) => {
    const { role: present, is_active: isActive } = member;
    await api('accounts.user.update', {
      path,
      body: { user_ids: [member.id], role: present, is_active: isActive, ...change },
    });
    await done();
  });
  const remove = useAction(async () => {
    await api('accounts.user.remove', { path: { ...path, user_ids: member.id } });
    await done();
  });
  const name = member.name || member.email;
  if (isRemoving.value)
    return (
      <ActionDialog
        title={`Remove ${name}?`}
        action={remove}
        submit="Remove"
        kind="danger"
        cancel="Keep them"
        onCancel={() => {
          isRemoving.value = false;
        }}
        onClose={onClose}
      >
        <p>
          They lose access to {organization?.name} at once. Their account stays, and so does what they did here. You can
          invite them again.
        </p>
      </ActionDialog>
    );
  return (
    <Dialog title={name} busy={update.busy} onClose={onClose}>
      <PlainForm onSubmit={() => update.run({ role: role.value })}>
        {update.error !== undefined && <ErrorNotice error={update.error} />}
        <p class="quiet breakable">
          {member.email} <code>{member.id}</code>
        </p>
        <RoleSelect value={role.value} onChange={into(role)} />
        <div class="row-apart">
          <div class="row">
            <Button busy={update.busy} onClick={() => void update.run({ is_active: !member.is_active })}>
              {member.is_active ? 'Suspend' : 'Let in again'}
            </Button>
            <Button
              onClick={() => {
                isRemoving.value = true;
              }}
            >
              Remove …
            </Button>
          </div>
          <Button type="submit" kind="primary" busy={update.busy}>
            Save the role
          </Button>
        </div>
      </PlainForm>
    </Dialog>
  );
}
