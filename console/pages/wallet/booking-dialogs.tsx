import { useSignal } from '@preact/signals';
import type { BodyOf } from '../../../shared/client/client.ts';
import { api } from '../../api/api.ts';
import { bind } from '../../components/bind.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { into } from '../../components/into.ts';
import { ErrorNotice } from '../../components/notice.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';

type Service = BodyOf<'platform.wallet.charge'>['service'];

/** What is charged for, for a person. */
export const services: Readonly<Record<Service, string>> = {
  sms: 'SMS',
  email: 'Email',
  storage: 'Storage',
  subscription: 'Subscription',
};

interface BookingDialogProps {
  readonly organization: string;
  readonly onClose: () => void;
  readonly onBooked: () => void;
}

/** Credits the wallet. */
export function TopUpDialog({ organization, onClose, onBooked }: BookingDialogProps) {
  const amount = useSignal('');
  const reason = useSignal('');
  const action = useAction(async () => {
    await api('platform.wallet.credit', {
      path: { organization },
      body: { amount: Number(amount.value), ...(reason.value === '' ? {} : { reason: reason.value }) },
    });
    onBooked();
  });
  return (
    <Dialog title="Top up the wallet" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run();
        }}
      >
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        <Amount {...bind(amount)} error={action.fieldError('amount')} />
        <Reason {...bind(reason)} error={action.fieldError('reason')} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={action.busy}>
            Top up
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Charges the wallet for a service. */
export function ChargeDialog({ organization, onClose, onBooked }: BookingDialogProps) {
  const amount = useSignal('');
  const service = useSignal<Service>('sms');
  const points = useSignal('');
  const reason = useSignal('');
  const action = useAction(async () => {
    await api('platform.wallet.charge', {
      path: { organization },
      body: {
        amount: Number(amount.value),
        service: service.value,
        ...(service.value === 'sms' ? { sms_point: Number(points.value) } : {}),
        ...(reason.value === '' ? {} : { reason: reason.value }),
      },
    });
    onBooked();
  });
  return (
    <Dialog title="Charge the wallet" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run();
        }}
      >
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        <Amount {...bind(amount)} error={action.fieldError('amount')} />
        <Select
          label="For"
          value={service.value}
          options={(Object.keys(services) as Service[]).map((value) => ({ value, label: services[value] }))}
          onChange={into(service)}
        />
        {service.value === 'sms' && (
          <TextField
            label="SMS points"
            type="number"
            min={1}
            required
            hint="How many points the organization gets for it."
            {...bind(points)}
            error={action.fieldError('sms_point')}
          />
        )}
        <Reason {...bind(reason)} error={action.fieldError('reason')} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={action.busy}>
            Charge
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly onInput: (value: string) => void;
}

const Amount = (props: FieldProps) => <TextField label="Amount" type="number" min={1} required {...props} />;

const Reason = (props: FieldProps) => <TextField label="Reason (optional)" hint="Stands in the ledger." {...props} />;
