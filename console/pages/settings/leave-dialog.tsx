import { api } from '../../api/api.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { useAction } from '../../components/use-action.ts';

/** Asks before somebody leaves an organization. */
export function LeaveDialog({
  organization,
  name,
  onClose,
  onLeft,
}: {
  organization: string;
  name: string;
  onClose: () => void;
  onLeft: () => Promise<void>;
}) {
  const action = useAction(async () => {
    await api('accounts.account.leave', { path: { organization_id: organization } });
    await onLeft();
  });
  return (
    <Dialog title={`Leave ${name}?`} onClose={onClose}>
      {action.error !== undefined && <ErrorNotice error={action.error} />}
      <p>You lose what you may do here at once, and so do the API keys that you have made.</p>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" busy={action.busy} onClick={() => void action.run()}>
          Leave
        </Button>
      </DialogActions>
    </Dialog>
  );
}
