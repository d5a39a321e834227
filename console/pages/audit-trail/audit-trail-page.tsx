import type { AnswerOf } from '../../../shared/client/client.ts';
import { api } from '../../api/api.ts';
import { Badge } from '../../components/badge.tsx';
import { Skeleton } from '../../components/busy.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
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
import { type Difference, differences } from './differences.ts';

type Entry = AnswerOf<'hierarchy.children_audit.list'>[number];

const actions = {
  insert: { kind: 'good', word: 'Added' },
  update: { kind: 'brand', word: 'Changed' },
  delete: { kind: 'bad', word: 'Removed' },
} as const;

const entities = {
  organization: 'Organization',
  member: 'Member',
  invitation: 'Invitation',
  workspace: 'Workspace',
  customizations: 'Customizations',
  credential: 'API key',
  wallet: 'Wallet',
  limit: 'Limit',
} as const satisfies Record<Entry['entity'], string>;

const none = { from: '', to: '', admin: '', action: '' as '' | Entry['action'], entity: '' as '' | Entry['entity'] };

/** What was changed in the organization and in all below it: before and after. */
export function AuditTrailPage() {
  const organization = openOrganization.value?.id ?? '';
  const { typed, applied, isFiltered, set, onApply, onClear } = useFilters(none);
  const trail = useOlder(
    (cursor, signal) => {
      const { from, to, admin, action, entity } = applied;
      const query = {
        cursor,
        limit: 25,
        start: startOfDay(from),
        end: endOfDay(to),
        admin: admin.trim() || undefined,
        action: action || undefined,
        entity: entity || undefined,
      };
      return api('hierarchy.children_audit.list', { path: { org_id: organization }, query }, { signal });
    },
    [organization, applied],
  );
  return (
    <>
      <PageHead title="Audit trail" about="What was changed here and in all organizations below." />
      <Filters onApply={onApply} onClear={onClear}>
        <TextField label="From" type="date" value={typed.from} onInput={(from) => set({ from })} />
        <TextField label="To" type="date" value={typed.to} onInput={(to) => set({ to })} />
        <TextField label="Who" placeholder="Email" value={typed.admin} onInput={(admin) => set({ admin })} />
        <Select label="What" value={typed.entity} options={anyOr(entities)} onChange={(entity) => set({ entity })} />
        <Select
          label="Change"
          value={typed.action}
          options={anyOr({ insert: 'Added', update: 'Changed', delete: 'Removed' })}
          onChange={(action) => set({ action })}
        />
      </Filters>
      {trail.error !== undefined && <ErrorNotice error={trail.error} retry={trail.older} />}
      {trail.entries ? (
        <div class="card card-flush" aria-busy={trail.busy}>
          {trail.entries.length === 0 ? (
            <Empty title={isFiltered ? 'Nothing matches' : 'Nothing yet'}>
              {isFiltered ? 'No change is like that. Take a filter away.' : 'Every change will stand here.'}
            </Empty>
          ) : (
            <>
              <ol class="trail" aria-label="Changes, newest first">
                {trail.entries.map((entry) => (
                  <Change key={entry.id} of={entry} organization={organization} />
                ))}
              </ol>
              <Older
                count={trail.entries.length}
                hasOlder={trail.hasOlder}
                busy={trail.busy}
                what="changes"
                onOlder={trail.older}
              />
            </>
          )}
        </div>
      ) : (
        trail.error === undefined && (
          <div class="card">
            <Skeleton lines={8} />
          </div>
        )
      )}
    </>
  );
}

function Change({ of, organization }: { of: Entry; organization: string }) {
  const { kind, word } = actions[of.action];
  const changed = differences(of.old_data, of.new_data);
  return (
    <li>
      <div class="row-apart">
        <h2 class="row">
          <Badge kind={kind}>{word}</Badge> {entities[of.entity]}{' '}
          {of.entity_id !== of.org_id && <code class="quiet">{of.entity_id}</code>}
          {of.org_id !== `org-${organization}` && (
            <a class="small" href={`/o/${of.org_id.replace('org-', '')}`}>
              in {of.org_id}
            </a>
          )}
        </h2>
        <span class="quiet small">
          <Moment at={of.timestamp} />
        </span>
      </div>
      {changed.length > 0 && <Differences of={changed} action={of.action} />}
      <div class="row-apart small quiet">
        <span class="breakable">
          By {of.admin}
          {of.credential !== null && ` with the API key ${of.credential}`} from {of.ip}
        </span>
        <span class="row">
          Request <CopyButton text={of.request_id} what="the request id" />
        </span>
      </div>
    </li>
  );
}

/** Before and after; of what is made or removed only the one that there is. */
function Differences({ of, action }: { of: readonly Difference[]; action: Entry['action'] }) {
  const hasBefore = action !== 'insert';
  const hasAfter = action !== 'delete';
  return (
    <table class="differences">
      <caption class="visually-hidden">What was changed</caption>
      <thead>
        <tr>
          {['Field', hasBefore && 'Before', hasAfter && 'After'].map(
            (header) =>
              header && (
                <th key={header} scope="col">
                  <span class="visually-hidden">{header}</span>
                </th>
              ),
          )}
        </tr>
      </thead>
      <tbody>
        {of.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {hasBefore &&
              (before === undefined ? (
                <Nothing />
              ) : (
                <td>
                  <del>{before}</del>
                </td>
              ))}
            {hasAfter &&
              (after === undefined ? (
                <Nothing />
              ) : (
                <td>
                  <ins>{after}</ins>
                </td>
              ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Nothing = () => (
  <td class="difference-none">
    <span class="visually-hidden">not there</span>
  </td>
);
