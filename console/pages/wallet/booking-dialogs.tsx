import { useSignal } from '@preact/signals';
import type { BodyOf } from '../../../shared/client/client.ts';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { bind } from '../../components/bind.ts';
import { into } from '../../components/into.ts';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useOnce } from '../../components/use-once.ts';

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
  const once = useOnce();
  const action = useAction(async () => {
    const said = {
      path: { organization },
      body: { amount: Number(amount.value), ...(reason.value === '' ? {} : { reason: reason.value }) },
    };
    await api('platform.wallet.credit', said, once(said));
    onBooked();
  });
  return (
    <ActionDialog title="Top up the wallet" action={action} submit="Top up" onClose={onClose}>
      <Amount {...bind(amount)} error={action.fieldError('amount')} />
      <Reason {...bind(reason)} error={action.fieldError('reason')} />
    </ActionDialog>
  );
}

/** Charges the wallet for a service. */
export function ChargeDialog({ organization, onClose, onBooked }: BookingDialogProps) {
  const amount = useSignal('');
  const service = useSignal<Service>('sms');
  const points = useSignal('');
  const reason = useSignal('');
  const once = useOnce();
  const action = useAction(async () => {
    const said = {
      path: { organization },
      body: {
        amount: Number(amount.value),
        service: service.value,
        ...(service.value === 'sms' ? { sms_point: Number(points.value) } : {}),
        ...(reason.value === '' ? {} : { reason: reason.value }),
      },
    };
    await api('platform.wallet.charge', said, once(said));
    onBooked();
  });
  return (
    <ActionDialog title="Charge the wallet" action={action} submit="Charge" onClose={onClose}>
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
    </ActionDialog>
  );
}

interface FieldProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly onInput: (value: string) => void;
}

const Amount = (props: FieldProps) => <TextField label="Amount" type="number" min={1} required {...props} />;

const Reason = (props: FieldProps) => <TextField label="Reason (optional)" hint="Stands in the ledger." {...props} />;
