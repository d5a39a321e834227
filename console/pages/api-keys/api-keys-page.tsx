import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Moment } from '../../components/moment.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { useLoad } from '../../components/use-load.ts';
import { openOrganization } from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';
import type { ApiKey } from './api-key.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { DeleteKeyDialog } from './delete-key-dialog.tsx';
import { permissionLabels } from './permission-labels.ts';
import { RotateKeyDialog } from './rotate-key-dialog.tsx';

type Open = 'create' | { readonly rotate: ApiKey } | { readonly remove: ApiKey };

/** The API keys of the organization. */
export function ApiKeysPage() {
  const { id: organization = '', role, permissions, status } = openOrganization.value ?? {};
  const keys = useLoad(
    async (signal) => (await api('hierarchy.api_key.list', { path: { org_id: organization } }, { signal })).body,
    [organization],
  );
  const open = useSignal<Open | undefined>(undefined);
  const close = () => {
    open.value = undefined;
  };
  // A key acts for its maker, so a platform administrator without a role here cannot make one.
  const mayMake = role !== null && status === 'active';
  const make = mayMake && (
    <Button
      kind="primary"
      onClick={() => {
        open.value = 'create';
      }}
    >
      New API key
    </Button>
  );
  const columns: Column<ApiKey>[] = [
    {
      header: 'Name',
      cell: ({ name, permissions: allowed }) => (
        <span class="cell-main">
          <strong>{name}</strong>
          <span title={allowed.map((permission) => permissionLabels[permission]).join('\n')}>
            {allowed.length === 1 ? '1 permission' : `${allowed.length} permissions`}
          </span>
        </span>
      ),
    },
    { header: 'Made', cell: ({ created_at: at }) => <Moment at={at} dayOnly /> },
    {
      header: 'Last used',
      cell: ({ last_used_at: at }) => (at === null ? <span class="quiet">Never</span> : <Moment at={at} />),
    },
    { header: 'Expires', cell: (key) => <Expiry of={key} /> },
  ];
  if (status === 'active') {
    columns.push({
      header: 'What can be done',
      hiddenHeader: true,
      end: true,
      cell: (key) => (
        <span class="row row-end">
          {key.permissions.every((permission) => permissions?.has(permission)) && (
            <Button
              size="small"
              label={`Rotate ${key.name}`}
              onClick={() => {
                open.value = { rotate: key };
              }}
            >
              Rotate
            </Button>
          )}
          <Button
            size="small"
            label={`Revoke ${key.name}`}
            onClick={() => {
              open.value = { remove: key };
            }}
          >
            Revoke
          </Button>
        </span>
      ),
    });
  }
  const shown = open.value;
  return (
    <>
      <PageHead
        title="API keys"
        about={
          <>
            For programs that work with this organization: <a href="/docs">how they do it</a>.
          </>
        }
      >
        {keys.value?.length ? make : null}
      </PageHead>
      {keys.error === undefined ? (
        <DataTable
          caption="API keys"
          columns={columns}
          rows={keys.value}
          keyOf={({ id }) => id}
          busy={keys.busy}
          empty={
            <Empty title="No API keys yet" action={make}>
              A key lets a program do what you may do here, or less. It is also a service account, with a client id and
              a client secret.
            </Empty>
          }
        />
      ) : (
        <ErrorNotice error={keys.error} retry={keys.reload} />
      )}
      {shown === 'create' && <CreateKeyDialog organization={organization} onClose={close} onMade={keys.reload} />}
      {typeof shown === 'object' && 'rotate' in shown && (
        <RotateKeyDialog organization={organization} of={shown.rotate} onClose={close} onRotated={keys.reload} />
      )}
      {typeof shown === 'object' && 'remove' in shown && (
        <DeleteKeyDialog organization={organization} of={shown.remove} onClose={close} onDeleted={keys.reload} />
      )}
    </>
  );
}

function Expiry({ of: { expires_at: at } }: { of: ApiKey }) {
  if (at === null) return <span class="quiet">Never</span>;
  if (Date.parse(at) <= Date.now()) return <Badge kind="bad">Expired</Badge>;
  return <Moment at={at} />;
}
