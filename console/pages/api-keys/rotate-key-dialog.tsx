import { useSignal } from '@preact/signals';
import type { AnswerOf } from '../../../shared/client/client.ts';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select } from '../../components/select.tsx';
import { useAction } from '../../components/use-action.ts';
import type { ApiKey } from './api-key.ts';
import { MadeKey } from './made-key.tsx';

/** Gives a key another secret and shows it. */
export function RotateKeyDialog({
  organization,
  of,
  onClose,
  onRotated,
}: {
  organization: string;
  of: ApiKey;
  onClose: () => void;
  onRotated: () => void;
}) {
  const overlap = useSignal<'0' | '3600' | '86400'>('3600');
  const made = useSignal<AnswerOf<'hierarchy.api_key.rotate'> | undefined>(undefined);
  const action = useAction(async () => {
    const { body } = await api('hierarchy.api_key.rotate', {
      path: { org_id: organization, key_id: of.id },
      body: { overlap_seconds: Number(overlap.value) },
    });
    made.value = body;
    onRotated();
  });
  if (made.value)
    return (
      <Dialog title={`The new secret of ${of.name}`} onClose={onClose}>
        <MadeKey made={made.value} onClose={onClose} />
      </Dialog>
    );
  return (
    <ActionDialog title={`Rotate ${of.name}`} action={action} submit="Rotate the secret" onClose={onClose}>
      <p>
        The key gets a new secret. For a while the present one can go on working, until every program has the new one.
      </p>
      <Select
        label="The present secret works"
        value={overlap.value}
        options={[
          { value: '0', label: 'No longer, from now on' },
          { value: '3600', label: 'For one more hour' },
          { value: '86400', label: 'For one more day' },
        ]}
        onChange={(value) => {
          overlap.value = value;
        }}
      />
    </ActionDialog>
  );
}
