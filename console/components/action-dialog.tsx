import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { ErrorNotice } from './notice.tsx';
import { PlainForm } from './plain-form.tsx';
import type { Action } from './use-action.ts';

/** A dialog that does one thing, or leaves it; what went wrong stands above. */
export function ActionDialog({
  title,
  action,
  submit,
  kind = 'primary',
  disabled,
  cancel = 'Cancel',
  onCancel,
  onClose,
  children,
}: {
  title: string;
  action: Action<[]>;
  /** What the button says that does it. */
  submit: string;
  kind?: 'primary' | 'danger';
  disabled?: boolean | undefined;
  /** What the button says that leaves it. */
  cancel?: string;
  /** By default the dialog is closed. */
  onCancel?: () => void;
  onClose: () => void;
  children: ComponentChildren;
}) {
  return (
    <Dialog title={title} busy={action.busy} onClose={onClose}>
      <PlainForm onSubmit={action.run}>
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        {children}
        <DialogActions>
          <Button disabled={action.busy} onClick={onCancel ?? onClose}>
            {cancel}
          </Button>
          <Button type="submit" kind={kind} busy={action.busy} disabled={disabled}>
            {submit}
          </Button>
        </DialogActions>
      </PlainForm>
    </Dialog>
  );
}
