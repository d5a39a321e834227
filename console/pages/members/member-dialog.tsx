import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { PlainForm } from '../../components/plain-form.tsx';
import { Select } from '../../components/select.tsx';
import { useAction } from '../../components/use-action.ts';
import { openOrganization } from '../../shell/organization.ts';
import { roleOptions, roleTexts } from '../../shell/roles.ts';
import type { Member } from './members-page.tsx';

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
  const done = () => {
    onChange();
    onClose();
  };
  const update = useAction(async (isActive: boolean) => {
    await api('accounts.user.update', {
      path,
      body: { user_ids: [member.id], role: role.value, is_active: isActive },
    });
    done();
  });
  const remove = useAction(async () => {
    await api('accounts.user.remove', { path: { ...path, user_ids: member.id } });
    done();
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
    <Dialog title={name} onClose={onClose}>
      <PlainForm onSubmit={() => update.run(member.is_active)}>
        {update.error !== undefined && <ErrorNotice error={update.error} />}
        <p class="quiet">{member.email}</p>
        <Select
          label="Role"
          value={role.value}
          options={roleOptions(organization?.permissions ?? new Set())}
          hint={roleTexts[role.value].about}
          onChange={(chosen) => {
            role.value = chosen;
          }}
        />
        <div class="row-apart">
          <div class="row">
            <Button busy={update.busy} onClick={() => void update.run(!member.is_active)}>
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
