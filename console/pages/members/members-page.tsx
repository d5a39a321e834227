import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../../api/api.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Badge } from '../../components/badge.tsx';
import { Bar } from '../../components/bar.tsx';
import { bind } from '../../components/bind.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable, Pages, type Sorting } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useLoad } from '../../components/use-load.ts';
import { session } from '../../session/session.ts';
import { spokenBytes, spokenDay } from '../../shell/format.ts';
import { may, mayChange, openOrganization } from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';
import { roleTexts } from '../../shell/roles.ts';
import { InviteDialog } from './invite-dialog.tsx';
import type { Member } from './member.ts';
import { MemberDialog } from './member-dialog.tsx';

type SortKey = 'name' | 'email' | 'role' | 'created_on';

const pageSize = 20;

/** How long nobody has to type before it is searched. */
const restMilliseconds = 250;

/** Who is in the organization. */
export function MembersPage() {
  const organization = openOrganization.value;
  const id = organization?.id ?? '';
  const sorting = useSignal<Sorting>({ key: 'name', descending: false });
  const page = useSignal(1);
  const term = useSignal('');
  const search = useAtRest(term.value.trim());
  const managed = useSignal<Member | undefined>(undefined);
  const isInviting = useSignal(false);
  const { value, error, busy, reload } = useLoad(
    async (signal) => {
      const { key, descending } = sorting.value;
      const query = {
        page_number: page.value - 1,
        page_size: pageSize,
        sort_by: key as SortKey,
        sort_ascending: !descending,
        search: search || undefined,
      };
      return (await api('accounts.user.list', { path: { organization_id: id }, query }, { signal })).body;
    },
    [id, page.value, sorting.value, search],
  );
  return (
    <>
      <PageHead title="Members" about={`Who is in ${organization?.name ?? ''}, and as what.`}>
        {mayChange('invitations:write') && (
          <Button
            kind="primary"
            onClick={() => {
              isInviting.value = true;
            }}
          >
            Invite people
          </Button>
        )}
      </PageHead>
      {error !== undefined && <ErrorNotice error={error} retry={reload} />}
      <TextField
        {...bind(term)}
        label="Search by email"
        type="search"
        placeholder="The beginning of an address"
        onInput={(text) => {
          term.value = text;
          page.value = 1;
        }}
      />
      {(error === undefined || value) && (
        <DataTable
          caption="Members"
          columns={columns((member) => {
            managed.value = member;
          })}
          rows={value?.content}
          keyOf={({ id: key }) => key}
          sorting={search ? undefined : sorting.value}
          onSort={
            search
              ? undefined
              : (wanted) => {
                  sorting.value = wanted;
                  page.value = 1;
                }
          }
          busy={busy}
          empty={
            search ? (
              <Empty title="Nobody is found">No member’s address begins with “{search}”.</Empty>
            ) : (
              <Empty title="Nobody is here" />
            )
          }
        >
          {value && (
            <Pages
              page={page.value}
              pages={value.total_pages}
              total={value.total_elements}
              what="members"
              onPage={(wanted) => {
                page.value = wanted;
              }}
            />
          )}
        </DataTable>
      )}
      {managed.value && (
        <MemberDialog
          member={managed.value}
          onClose={() => {
            managed.value = undefined;
          }}
          onChange={reload}
        />
      )}
      {isInviting.value && (
        <InviteDialog
          onClose={() => {
            isInviting.value = false;
          }}
        />
      )}
    </>
  );
}

function columns(onManage: (member: Member) => void): Column<Member>[] {
  const manages = mayChange('members:write');
  return [
    {
      header: 'Name',
      sortKey: 'name',
      cell: ({ id, name, email }) => (
        <span class="cell-person">
          <Avatar name={name || email} round />
          <span class="cell-main">
            <strong>
              {name || email} {id === session.value?.user.id && <Badge kind="brand">You</Badge>}
            </strong>
            <span>{email}</span>
          </span>
        </span>
      ),
    },
    { header: 'Role', sortKey: 'role', cell: ({ role }) => roleTexts[role].label },
    {
      header: 'State',
      cell: ({ is_active: isActive }) =>
        isActive ? <Badge kind="good">Active</Badge> : <Badge kind="warn">Suspended</Badge>,
    },
    {
      header: 'Storage',
      cell: ({ name, bytes_used: used, bytes_limit: limit }) => (
        <Bar
          label={`Storage of ${name}`}
          value={used}
          max={limit}
          text={limit === null ? spokenBytes(used) : `${spokenBytes(used)} of ${spokenBytes(limit)}`}
        />
      ),
    },
    { header: 'Member since', sortKey: 'created_on', cell: ({ created_on: since }) => spokenDay(since) },
    ...(manages
      ? [
          {
            header: 'Actions',
            hiddenHeader: true,
            end: true,
            cell: (member: Member) =>
              (member.role !== 'OWNER' || may('owners:write')) && (
                <Button size="small" label={`Manage ${member.name || member.email}`} onClick={() => onManage(member)}>
                  Manage
                </Button>
              ),
          },
        ]
      : []),
  ];
}

/** A value once it has been at rest. */
function useAtRest(value: string): string {
  const atRest = useSignal(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      atRest.value = value;
    }, restMilliseconds);
    return () => clearTimeout(timer);
  }, [value, atRest]);
  return atRest.value;
}
