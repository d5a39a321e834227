import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { AnswerOf } from '../../../shared/client/client.ts';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Avatar } from '../../components/avatar.tsx';
import { Badge } from '../../components/badge.tsx';
import { bind } from '../../components/bind.ts';
import { Skeleton } from '../../components/busy.tsx';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { PlainForm } from '../../components/plain-form.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { useOnce } from '../../components/use-once.ts';
import { readSession, session } from '../../session/session.ts';
import { PageHead } from '../../shell/page.tsx';
import { roleTexts } from '../../shell/roles.ts';

type Account = AnswerOf<'accounts.account.list'>[number];

/** Chooses an organization. */
export function OrganizationsPage() {
  const { value, error, reload } = useLoad(
    async (signal) => (await api('accounts.account.list', {}, { signal })).body,
    [],
  );
  const isMaking = useSignal(false);
  const isAdministrator = session.value?.user.platform_admin === true;
  const make = () => {
    isMaking.value = true;
  };
  const own = value ?? [];
  // Whose parent is not among them stands at the top.
  const tops = own.filter(({ parent_id: parent }) => !own.some(({ id }) => id === parent));
  return (
    <>
      <PageHead title="Organizations" about="Choose the one to work in.">
        <Button onClick={make}>New organization</Button>
      </PageHead>
      {error !== undefined && <ErrorNotice error={error} retry={reload} />}
      {isAdministrator && <OpenByNumber />}
      {value === undefined && error === undefined && (
        <div class="card">
          <Skeleton lines={4} />
        </div>
      )}
      {value?.length === 0 && (
        <div class="card">
          <Empty
            title="You are in no organization yet"
            action={
              <Button kind="primary" onClick={make}>
                New organization
              </Button>
            }
          >
            Make one, or ask for an invitation: the link in its mail makes you a member.
          </Empty>
        </div>
      )}
      {tops.length > 0 && (
        <ul class="tree card">
          {tops.map((account) => (
            <Branch key={account.id} account={account} own={own} />
          ))}
        </ul>
      )}
      {isMaking.value && (
        <NewOrganizationDialog
          onClose={() => {
            isMaking.value = false;
          }}
        />
      )}
    </>
  );
}

/** An organization of the caller's, with those below it: their own at once, others when they are asked for. */
function Branch({ account, own }: { account: Account; own: readonly Account[] }) {
  const { id, organization_name: name, role, is_active: isActive, status } = account;
  const reachesDown = role === 'OWNER' || role === 'ADMIN';
  const hasNamesake = own.some((other) => other.id !== id && other.organization_name === name);
  const below = own.filter(({ parent_id: parent }) => parent === id);
  return (
    <li>
      <Entry id={id} name={name} status={status}>
        {isActive ? role && roleTexts[role].label : 'You are suspended here'}
        {hasNamesake && ` · ${id}`}
      </Entry>
      {reachesDown ? (
        <Below id={id} />
      ) : (
        below.length > 0 && (
          <ul>
            {below.map((child) => (
              <Branch key={child.id} account={child} own={own} />
            ))}
          </ul>
        )
      )}
    </li>
  );
}

function Entry({
  id,
  name,
  status,
  children,
}: {
  id: number | string;
  name: string;
  status: Account['status'];
  children?: preact.ComponentChildren;
}) {
  return (
    <a class="tree-entry" href={`/o/${id}`}>
      <Avatar name={name} />
      <span class="cell-main">
        <strong>{name}</strong>
        {children && <span>{children}</span>}
      </span>
      {status !== 'active' && <Badge kind="warn">{status === 'suspended' ? 'Suspended' : 'Inactive'}</Badge>}
    </a>
  );
}

/** What is below an organization, once it is asked for. */
function Below({ id }: { id: number | string }) {
  const isOpen = useSignal(false);
  return (
    <details
      class="tree-below"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>Organizations below</summary>
      {isOpen.value && <Children id={id} />}
    </details>
  );
}

const childrenAtOnce = 50;

function Children({ id }: { id: number | string }) {
  const limit = useSignal(childrenAtOnce);
  const { value, error, busy, reload } = useLoad(
    async (signal) => {
      const pages = Array.from({ length: limit.value / childrenAtOnce }, async (_, at) => {
        const query = { page: at + 1, limit: childrenAtOnce };
        return (await api('hierarchy.child.list', { path: { org_id: id }, query }, { signal })).body;
      });
      const read = await Promise.all(pages);
      return { total: read[0]?.total ?? 0, children: read.flatMap(({ children }) => children) };
    },
    [id, limit.value],
  );
  if (error !== undefined) return <ErrorNotice error={error} retry={reload} />;
  if (value === undefined) return <Skeleton lines={2} />;
  if (value.total === 0) return <p class="quiet small">There are none.</p>;
  return (
    <>
      <ul>
        {value.children.map(({ id: childId, name, status }) => {
          const number = childId.replace(/^org-/, '');
          return (
            <li key={childId}>
              <Entry id={number} name={name} status={status} />
              <Below id={number} />
            </li>
          );
        })}
      </ul>
      {value.children.length < value.total && (
        <Button
          size="small"
          busy={busy}
          onClick={() => {
            limit.value += childrenAtOnce;
          }}
        >
          Show more
        </Button>
      )}
    </>
  );
}

/** A platform administrator reaches every organization, whoever is a member of it. */
function OpenByNumber() {
  const { route } = useLocation();
  const id = useSignal('');
  const action = useAction(async () => {
    const { body } = await api('accounts.account.read', { path: { organization_id: id.value.trim() } });
    route(`/o/${body.id}`);
  });
  return (
    <div class="card">
      <PlainForm onSubmit={action.run}>
        {action.error !== undefined && <ErrorNotice error={action.error} />}
        <div class="with-button">
          <TextField
            {...bind(id)}
            label="Open any organization"
            required
            placeholder="Its id, in any spelling"
            hint="You are a platform administrator: you may open every organization."
          />
          <Button type="submit" busy={action.busy}>
            Open
          </Button>
        </div>
      </PlainForm>
    </div>
  );
}

function NewOrganizationDialog({ onClose }: { onClose: () => void }) {
  const { route } = useLocation();
  const name = useSignal('');
  const once = useOnce();
  const action = useAction(async () => {
    const said = { body: { organization_name: name.value } };
    const { body } = await api('accounts.account.create', said, once(said));
    await readSession();
    route(`/o/${body.id}`);
  });
  return (
    <ActionDialog title="New organization" action={action} submit="Make it" onClose={onClose}>
      <TextField
        {...bind(name)}
        label="Name"
        required
        error={action.fieldError('organization_name')}
        hint="You will be its owner."
      />
    </ActionDialog>
  );
}
