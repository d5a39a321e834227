import { useSignal } from '@preact/signals';
import type { AnswerOf } from '../../../shared/client/client.ts';
import { type Permission, rolePermissions } from '../../../shared/domain/access/permissions.ts';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { may } from '../../shell/organization.ts';
import { MadeKey } from './made-key.tsx';
import { permissionLabels } from './permission-labels.ts';

type Lifetime = '30' | '90' | '365' | 'ever';

/** Makes an API key and shows its secret. Permissions are offered only as far as the caller has them. */
export function CreateKeyDialog({
  organization,
  onClose,
  onMade,
}: {
  organization: string;
  onClose: () => void;
  onMade: () => void;
}) {
  const grantable = rolePermissions.filter(may);
  const name = useSignal('');
  const chosen = useSignal<ReadonlySet<Permission>>(
    new Set(grantable.filter((permission) => /:read$/.test(permission))),
  );
  const lifetime = useSignal<Lifetime>('90');
  const made = useSignal<AnswerOf<'hierarchy.api_key.create'> | undefined>(undefined);
  const action = useAction(async () => {
    const days = Number(lifetime.value);
    const { body } = await api('hierarchy.api_key.create', {
      path: { org_id: organization },
      body: {
        name: name.value,
        permissions: [...chosen.value],
        expires_at: Number.isNaN(days) ? null : new Date(Date.now() + days * 86_400_000).toISOString(),
      },
    });
    made.value = body;
    onMade();
  });
  if (made.value)
    return (
      <Dialog title={`The secret of ${made.value.name}`} onClose={onClose}>
        <MadeKey made={made.value} onClose={onClose} />
      </Dialog>
    );
  const toggle = (permission: Permission) => {
    const next = new Set(chosen.value);
    if (!next.delete(permission)) next.add(permission);
    chosen.value = next;
  };
  const hasAll = chosen.value.size === grantable.length;
  return (
    <ActionDialog title="New API key" action={action} submit="Make the key" onClose={onClose}>
      <TextField
        label="Name"
        hint="What uses it, so that you know it again."
        placeholder="Billing export"
        required
        value={name.value}
        error={action.fieldError('name')}
        onInput={(value) => {
          name.value = value;
        }}
      />
      <Select
        label="Expires"
        value={lifetime.value}
        options={[
          { value: '30', label: 'In 30 days' },
          { value: '90', label: 'In 90 days' },
          { value: '365', label: 'In a year' },
          { value: 'ever', label: 'Never' },
        ]}
        onChange={(value) => {
          lifetime.value = value;
        }}
      />
      <fieldset class="choices">
        <legend>What it may do</legend>
        <p class="field-hint">Never more than you may yourself, also when your role changes later.</p>
        {grantable.map((permission) => (
          <label key={permission} class="check">
            <input type="checkbox" checked={chosen.value.has(permission)} onChange={() => toggle(permission)} />
            <span>{permissionLabels[permission]}</span>
          </label>
        ))}
        <div>
          <Button
            size="small"
            onClick={() => {
              chosen.value = new Set(hasAll ? [] : grantable);
            }}
          >
            {hasAll ? 'Choose none' : 'Choose all'}
          </Button>
        </div>
      </fieldset>
    </ActionDialog>
  );
}
