import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { useAction } from '../../components/use-action.ts';
import type { ApiKey } from './api-key.ts';

/** Asks before a key stops working. */
export function DeleteKeyDialog({
  organization,
  of,
  onClose,
  onDeleted,
}: {
  organization: string;
  of: ApiKey;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const action = useAction(async () => {
    await api('hierarchy.api_key.delete', { path: { org_id: organization, key_id: of.id } });
    onDeleted();
    onClose();
  });
  return (
    <ActionDialog title={`Revoke ${of.name}?`} action={action} submit="Revoke the key" kind="danger" onClose={onClose}>
      <p>Every program that uses this key is refused within seconds. This cannot be undone.</p>
    </ActionDialog>
  );
}
