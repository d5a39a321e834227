import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { bind } from '../../components/bind.ts';
import { Skeleton } from '../../components/busy.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { spokenCount } from '../../shell/format.ts';

/** Deletes an organization once its name was typed; with everything below it only where that was ticked. */
export function DeleteDialog({
  organization,
  name,
  onClose,
  onDeleted,
}: {
  organization: string;
  name: string;
  onClose: () => void;
  onDeleted: () => Promise<void>;
}) {
  const path = { org_id: organization };
  const typed = useSignal('');
  const isCascade = useSignal(false);
  const below = useLoad(
    async (signal) => (await api('hierarchy.child.list', { path, query: { limit: 1 } }, { signal })).body.total,
    [organization],
  );
  const action = useAction(async () => {
    await api('hierarchy.organization.delete', { path, query: { cascade: isCascade.value } });
    await onDeleted();
  });
  const children = below.value ?? 0;
  const isSure =
    asShown(typed.value) === asShown(name) && below.value !== undefined && (children === 0 || isCascade.value);
  return (
    <ActionDialog
      title={`Delete ${name}?`}
      action={action}
      submit="Delete it"
      kind="danger"
      disabled={!isSure}
      onClose={onClose}
    >
      {below.error !== undefined && <ErrorNotice error={below.error} retry={below.reload} />}
      <p>
        Its members lose it at once, its API keys stop working and its invitations end. Only the operators of this
        service can bring it back, for thirty days.
      </p>
      {below.value === undefined && below.error === undefined && <Skeleton lines={1} />}
      {children > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={isCascade.value}
            onChange={({ currentTarget }) => {
              isCascade.value = currentTarget.checked;
            }}
          />
          <span>
            {children === 1
              ? 'Also delete the organization below it, with everything below that'
              : `Also delete the ${spokenCount(children)} organizations below it, with everything below them`}
          </span>
        </label>
      )}
      <TextField label={`Type ${name} to go on`} autoComplete="off" {...bind(typed)} />
    </ActionDialog>
  );
}

/** A page shows several spaces as one. */
const asShown = (text: string) => text.trim().replace(/\s+/g, ' ');
