import type { AnswerOf } from '../../../shared/client/client.ts';
import { api } from '../../api/api.ts';
import { Bar } from '../../components/bar.tsx';
import { Skeleton } from '../../components/busy.tsx';
import { type ChartPoint, ColumnChart } from '../../components/column-chart.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { useLoad } from '../../components/use-load.ts';
import { shortCount, spokenBytes, spokenCount, spokenMoment } from '../../shell/format.ts';
import { may, type OpenOrganization, openOrganization } from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';
import { roleTexts } from '../../shell/roles.ts';

/** How many months the charts go back, this one included. */
const months = 6;

/** How the organization is doing. */
export function OverviewPage() {
  const organization = openOrganization.value;
  if (organization === undefined) return null;
  const { name, role, status, statusReason } = organization;
  return (
    <>
      <PageHead
        title={name}
        about={
          role === null ? 'You are here as a platform administrator.' : `You are here as ${roleTexts[role].label}.`
        }
      />
      {status !== 'active' && (
        <Notice kind="warn" title={`This organization is ${status}.`}>
          <p>
            It can be looked at, but nothing in it can be changed.{statusReason ? ` The reason: ${statusReason}` : ''}
          </p>
        </Notice>
      )}
      {may('metrics:read') && <Metrics organization={organization} />}
      {may('consumption:read') && <Consumption organization={organization} />}
      {!may('metrics:read') && !may('consumption:read') && (
        <div class="card">
          <p class="quiet">What you may see here is in the navigation.</p>
        </div>
      )}
    </>
  );
}

const figures = [
  { metric: 'active_members', label: 'Active members', href: 'members' },
  { metric: 'pending_invitations', label: 'Open invitations', href: 'invitations' },
  { metric: 'api_calls_this_month', label: 'API calls this month' },
  { metric: 'children', label: 'Organizations below' },
  { metric: 'workspaces', label: 'Workspaces' },
  { metric: 'wallet_balance', label: 'Credits' },
] as const;

function Metrics({ organization: { id } }: { organization: OpenOrganization }) {
  const { value, error, reload } = useLoad(
    async (signal) => (await api('accounts.account.summary', { path: { organization_id: id } }, { signal })).body,
    [id],
  );
  if (error !== undefined) return <ErrorNotice error={error} retry={reload} />;
  if (value === undefined)
    return (
      <div class="card">
        <Skeleton lines={3} />
      </div>
    );
  const figure = (name: string) => value.find(({ metric }) => metric === name)?.value ?? null;
  const used = figure('storage_bytes_used') ?? 0;
  const limit = figure('storage_bytes_limit');
  return (
    <dl class="cards">
      {figures.map(({ metric, label, ...rest }) => (
        <div key={metric} class="card metric">
          <dt>{'href' in rest ? <a href={`/o/${id}/${rest.href}`}>{label}</a> : label}</dt>
          <dd class="metric-value">{spokenCount(figure(metric) ?? 0)}</dd>
        </div>
      ))}
      <div class="card metric">
        <dt>Storage</dt>
        <dd class="metric-value">{spokenBytes(used)}</dd>
        <dd class="metric-more">
          <Bar
            label="Storage"
            value={used}
            max={limit}
            text={limit === null ? 'No limit' : `of ${spokenBytes(limit)}`}
          />
        </dd>
      </div>
    </dl>
  );
}

type Month = AnswerOf<'hierarchy.consumption.read'>;

function Consumption({ organization: { id } }: { organization: OpenOrganization }) {
  const { value, error, reload } = useLoad(
    (signal) =>
      Promise.all(
        lastMonths().map(
          async (month) =>
            (await api('hierarchy.consumption.read', { path: { org_id: id }, query: { month } }, { signal })).body,
        ),
      ),
    [id],
  );
  if (error !== undefined) return <ErrorNotice error={error} retry={reload} />;
  if (value === undefined)
    return (
      <div class="card">
        <Skeleton lines={5} />
      </div>
    );
  const asOf = value.at(-1)?.as_of;
  return (
    <section class="stack" aria-labelledby="months">
      <div class="row-apart">
        <h2 id="months">Month by month</h2>
        <p class="quiet small">
          {asOf ? `As of ${spokenMoment(asOf)}` : 'Nothing is counted yet; that takes minutes.'}
        </p>
      </div>
      <div class="charts">
        <div class="card">
          <ColumnChart
            title="API calls"
            points={value.map((month) => pointOf(month, month.api_calls))}
            format={shortCount}
          />
        </div>
        <div class="card">
          <ColumnChart
            title="Storage, at its peak"
            color="var(--chart-2)"
            points={value.map((month) => pointOf(month, month.storage_used * 1e9))}
            format={spokenBytes}
          />
        </div>
      </div>
    </section>
  );
}

function pointOf({ month, as_of: asOf }: Month, value: number): ChartPoint {
  const date = new Date(`${month}-15T00:00Z`);
  return {
    label: date.toLocaleDateString('en', { month: 'short' }),
    name: date.toLocaleDateString('en', { month: 'long', year: 'numeric' }),
    value: asOf === null ? null : value,
  };
}

/** As `2026-11`, oldest first; months are those of UTC, as they are counted. */
function lastMonths(): string[] {
  const now = new Date();
  return Array.from({ length: months }, (_, at) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (months - 1 - at), 1)).toISOString().slice(0, 7),
  );
}
