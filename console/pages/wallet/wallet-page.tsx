import { useSignal } from '@preact/signals';
import type { AnswerOf } from '../../../shared/client/client.ts';
import { api } from '../../api/api.ts';
import { Skeleton } from '../../components/busy.tsx';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable, Pages } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Moment } from '../../components/moment.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { useLoad } from '../../components/use-load.ts';
import { session } from '../../session/session.ts';
import { spokenCount } from '../../shell/format.ts';
import { openOrganization } from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';
import { ChargeDialog, services, TopUpDialog } from './booking-dialogs.tsx';

type Booking = AnswerOf<'platform.wallet.transactions'>['data'][number];

const perPage = 20;

/** What the organization has left, and every booking. Only platform administrators book by hand. */
export function WalletPage() {
  const organization = openOrganization.value?.id ?? '';
  const page = useSignal(1);
  const booking = useSignal<'top-up' | 'charge' | undefined>(undefined);
  const path = { organizationId: organization };
  const wallet = useLoad(
    async (signal) => (await api('platform.wallet.read', { path }, { signal })).body.data,
    [organization],
  );
  const ledger = useLoad(
    async (signal) => {
      const query = { page: page.value, per_page: perPage };
      return (await api('platform.wallet.transactions', { path, query }, { signal })).body;
    },
    [organization, page.value],
  );
  const close = () => {
    booking.value = undefined;
  };
  const reload = () => {
    close();
    wallet.reload();
    if (page.value === 1) ledger.reload();
    else page.value = 1;
  };
  const mayBook = session.value?.user.platform_admin === true && openOrganization.value?.status === 'active';
  return (
    <>
      <PageHead title="Wallet" about="What is left to spend, and what it was spent on.">
        {mayBook && (
          <>
            <Button
              onClick={() => {
                booking.value = 'charge';
              }}
            >
              Charge
            </Button>
            <Button
              kind="primary"
              onClick={() => {
                booking.value = 'top-up';
              }}
            >
              Top up
            </Button>
          </>
        )}
      </PageHead>
      {wallet.error !== undefined && <ErrorNotice error={wallet.error} retry={wallet.reload} />}
      {wallet.error === undefined && (
        <dl class="cards metrics">
          <div class="card metric">
            <dt>Balance</dt>
            <dd class="metric-value">{wallet.value ? spokenCount(wallet.value.balance) : <Skeleton lines={1} />}</dd>
          </div>
          <div class="card metric">
            <dt>SMS points</dt>
            <dd class="metric-value">{wallet.value ? spokenCount(wallet.value.smsPoints) : <Skeleton lines={1} />}</dd>
          </div>
        </dl>
      )}
      {ledger.error !== undefined && <ErrorNotice error={ledger.error} retry={ledger.reload} />}
      {(ledger.error === undefined || ledger.value) && (
        <DataTable
          caption="Bookings, newest first"
          columns={columns}
          rows={ledger.value?.data}
          keyOf={({ id }) => id}
          busy={ledger.busy}
          empty={<Empty title="No bookings yet">Every credit and every charge will stand here.</Empty>}
        >
          {ledger.value && (
            <Pages
              page={ledger.value.pagination.page}
              pages={ledger.value.pagination.totalPages}
              total={ledger.value.pagination.total}
              what="bookings"
              onPage={(wanted) => {
                page.value = wanted;
              }}
            />
          )}
        </DataTable>
      )}
      {booking.value === 'top-up' && <TopUpDialog organization={organization} onClose={close} onBooked={reload} />}
      {booking.value === 'charge' && <ChargeDialog organization={organization} onClose={close} onBooked={reload} />}
    </>
  );
}

const columns: readonly Column<Booking>[] = [
  {
    header: 'Booking',
    cell: ({ type, service, reason }) => (
      <span class="cell-main">
        <strong>{type === 'credit' ? 'Top-up' : `Charge${service === null ? '' : `: ${services[service]}`}`}</strong>
        {reason !== null && <span>{reason}</span>}
      </span>
    ),
  },
  { header: 'When', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  {
    header: 'Amount',
    end: true,
    cell: ({ type, amount, smsPoint }) => (
      <span class="cell-main number">
        <span class={type === 'credit' ? 'amount-in' : 'amount-out'}>
          {type === 'credit' ? '+' : '−'}
          {spokenCount(amount)}
        </span>
        {smsPoint !== null && smsPoint !== 0 && <span>+{spokenCount(smsPoint)} SMS points</span>}
      </span>
    ),
  },
  {
    header: 'Balance after',
    end: true,
    cell: ({ balanceAfter }) => <span class="number">{spokenCount(balanceAfter)}</span>,
  },
];
