import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
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
    <ActionDialog title={`Leave ${name}?`} action={action} submit="Leave" kind="danger" onClose={onClose}>
      <p>You lose what you may do here at once, and so do the API keys that you have made.</p>
    </ActionDialog>
  );
}
