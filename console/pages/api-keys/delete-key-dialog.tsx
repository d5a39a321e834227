import { api } from '../../api/api.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { useAction } from '../../components/use-action.ts';
import type { ApiKey } from './api-keys-page.tsx';

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
    <Dialog title={`Revoke ${of.name}?`} onClose={onClose}>
      {action.error !== undefined && <ErrorNotice error={action.error} />}
      <p>Every program that uses this key is refused within seconds. This cannot be undone.</p>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" busy={action.busy} onClick={() => void action.run()}>
          Revoke the key
        </Button>
      </DialogActions>
    </Dialog>
  );
}
