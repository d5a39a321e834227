import type { AnswerOf } from '../../../shared/client/client.ts';
import { routes } from '../../../shared/client/operations.ts';
import { api } from '../../api/api.ts';
import { Badge } from '../../components/badge.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { anyOr, endOfDay, Filters, startOfDay } from '../../components/filters.tsx';
import { Moment } from '../../components/moment.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { Older } from '../../components/older.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useFilters } from '../../components/use-filters.ts';
import { useOlder } from '../../components/use-older.ts';
import { openOrganization } from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';

type Entry = AnswerOf<'hierarchy.access_log.list'>[number];

const statuses = {
  SUCCESS: { kind: 'good', word: 'Done' },
  DENIED: { kind: 'warn', word: 'Denied' },
  FAILURE: { kind: 'bad', word: 'Failed' },
} as const;

/** `platform.member.update` stands in the log as MEMBER_UPDATE. */
const actions = [
  ...new Set(
    Object.keys(routes).map((operation) =>
      operation.split('.').slice(1, 3).join('_').replace('session_', '').toUpperCase(),
    ),
  ),
].sort();

const none = { from: '', to: '', user: '', action: '', status: '' as '' | Entry['status'] };

/** Who did what in the organization. */
export function AccessLogPage() {
  const organization = openOrganization.value?.id ?? '';
  const { typed, applied, isFiltered, set, onApply, onClear } = useFilters(none);
  const log = useOlder(
    (cursor, signal) => {
      const { from, to, user, action, status } = applied;
      const query = {
        cursor,
        limit: 50,
        start: startOfDay(from),
        end: endOfDay(to),
        user: user.trim() || undefined,
        action: action || undefined,
        status: status || undefined,
      };
      return api('hierarchy.access_log.list', { path: { org_id: organization }, query }, { signal });
    },
    [organization, applied],
  );
  return (
    <>
      <PageHead title="Access log" about="Who asked what of this organization, and what came of it." />
      <Filters onApply={onApply} onClear={onClear}>
        <TextField label="From" type="date" value={typed.from} onInput={(from) => set({ from })} />
        <TextField label="To" type="date" value={typed.to} onInput={(to) => set({ to })} />
        <TextField
          label="Who"
          placeholder="Email, or name of a key"
          value={typed.user}
          onInput={(user) => set({ user })}
        />
        <Select
          label="Action"
          value={typed.action}
          options={[{ value: '', label: 'Any' }, ...actions.map((value) => ({ value, label: inWords(value) }))]}
          onChange={(action) => set({ action })}
        />
        <Select
          label="Outcome"
          value={typed.status}
          options={anyOr({ SUCCESS: 'Done', DENIED: 'Denied', FAILURE: 'Failed' })}
          onChange={(status) => set({ status })}
        />
      </Filters>
      {log.error !== undefined && <ErrorNotice error={log.error} retry={log.older} />}
      {(log.error === undefined || log.entries) && (
        <DataTable
          caption="Access log, newest first"
          columns={columns}
          rows={log.entries}
          keyOf={({ id }) => id}
          busy={log.busy}
          empty={
            isFiltered ? (
              <Empty title="Nothing matches">Nothing in the log is like that. Take a filter away.</Empty>
            ) : (
              <Empty title="Nothing yet">Every request about this organization will stand here.</Empty>
            )
          }
        >
          {log.entries && (
            <Older
              count={log.entries.length}
              hasOlder={log.hasOlder}
              busy={log.busy}
              what="entries"
              onOlder={log.older}
            />
          )}
        </DataTable>
      )}
    </>
  );
}

const columns: readonly Column<Entry>[] = [
  {
    header: 'Action',
    cell: ({ action, method, path }) => (
      <span class="cell-main">
        <strong>{inWords(action)}</strong>
        <code class="quiet breakable">
          {method} {path}
        </code>
      </span>
    ),
  },
  {
    header: 'Who',
    cell: ({ user, ip }) => (
      <span class="cell-main who">
        <span class="who-name">{user}</span>
        <span class="number">{ip}</span>
      </span>
    ),
  },
  { header: 'When', cell: ({ timestamp }) => <Moment at={timestamp} /> },
  {
    header: 'Outcome',
    cell: ({ status }) => <Badge kind={statuses[status].kind}>{statuses[status].word}</Badge>,
  },
  {
    header: 'Request',
    end: true,
    cell: ({ request_id: id }) => <CopyButton text={id} what="the request id" />,
  },
];

/** `MEMBER_UPDATE` as `Member update`. */
function inWords(action: string): string {
  const words = action
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/\bapi\b/, 'API');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
