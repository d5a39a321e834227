import { useSignal } from '@preact/signals';
import type { AnswerOf } from '../../../shared/client/client.ts';
import { roleById } from '../../../shared/domain/access/roles.ts';
import { api } from '../../api/api.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable, Pages } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { Select } from '../../components/select.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { spokenDay, spokenMoment } from '../../shell/format.ts';
import { mayChange, openOrganization } from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';
import { roleTexts } from '../../shell/roles.ts';
import { InviteDialog } from '../members/invite-dialog.tsx';

type Invitation = AnswerOf<'platform.invitation.list'>['data'][number];
type Status = Invitation['status'];

const perPage = 20;

const statuses: Readonly<Record<Status, { label: string; kind?: 'good' | 'warn' | 'bad' | 'brand' }>> = {
  pending: { label: 'Mail is being sent', kind: 'brand' },
  sent: { label: 'Mail sent', kind: 'brand' },
  bounced: { label: 'Mail came back', kind: 'bad' },
  accepted: { label: 'Accepted', kind: 'good' },
  revoked: { label: 'Revoked' },
  expired: { label: 'Expired', kind: 'warn' },
};

/** Who was invited, and what became of the mail. */
export function InvitationsPage() {
  const organization = openOrganization.value;
  const organizationId = organization?.id ?? '';
  const status = useSignal<Status | ''>('');
  const page = useSignal(1);
  const isInviting = useSignal(false);
  const revoked = useSignal<Invitation | undefined>(undefined);
  const resent = useSignal<string | undefined>(undefined);
  const { value, error, busy, reload } = useLoad(
    async (signal) => {
      const query = { page: page.value, per_page: perPage, status: status.value || undefined };
      return (await api('platform.invitation.list', { path: { organizationId }, query }, { signal })).body;
    },
    [organizationId, page.value, status.value],
  );
  const resend = useAction(async ({ id: invitationId, email }: Invitation) => {
    resent.value = undefined;
    await api('platform.invitation.resend', { path: { organizationId, invitationId } });
    resent.value = email;
    reload();
  });
  const invite = () => {
    isInviting.value = true;
  };
  return (
    <>
      <PageHead title="Invitations" about="Each can be accepted for seven days, by the link in its latest mail.">
        {mayChange('invitations:write') && (
          <Button kind="primary" onClick={invite}>
            Invite people
          </Button>
        )}
      </PageHead>
      {error !== undefined && <ErrorNotice error={error} retry={reload} />}
      {resend.error !== undefined && <ErrorNotice error={resend.error} />}
      {resent.value !== undefined && (
        <Notice kind="good">A fresh mail is on its way to {resent.value}. The link of the one before is dead.</Notice>
      )}
      <div class="row-apart row-bottom">
        <Select
          label="State"
          value={status.value}
          options={[
            { value: '', label: 'All' },
            ...Object.entries(statuses).map(([of, { label }]) => ({ value: of as Status, label })),
          ]}
          onChange={(chosen) => {
            status.value = chosen;
            page.value = 1;
          }}
        />
        <Button busy={busy} onClick={reload}>
          Refresh
        </Button>
      </div>
      {(error === undefined || value) && (
        <DataTable
          caption="Invitations"
          columns={columns(
            (invitation) => void resend.run(invitation),
            (invitation) => {
              revoked.value = invitation;
            },
          )}
          rows={value?.data}
          keyOf={({ id }) => id}
          busy={busy}
          empty={
            status.value === '' ? (
              <Empty
                title="Nobody is invited yet"
                action={mayChange('invitations:write') && <Button onClick={invite}>Invite people</Button>}
              >
                Whoever you invite gets a mail with a link.
              </Empty>
            ) : (
              <Empty title="None in this state" />
            )
          }
        >
          {value && (
            <Pages
              page={page.value}
              pages={value.pagination.totalPages}
              total={value.pagination.total}
              what="invitations"
              onPage={(wanted) => {
                page.value = wanted;
              }}
            />
          )}
        </DataTable>
      )}
      {isInviting.value && (
        <InviteDialog
          onDone={reload}
          onClose={() => {
            isInviting.value = false;
          }}
        />
      )}
      {revoked.value && (
        <RevokeDialog
          organizationId={organizationId}
          invitation={revoked.value}
          onDone={reload}
          onClose={() => {
            revoked.value = undefined;
          }}
        />
      )}
    </>
  );
}

function columns(onResend: (of: Invitation) => void, onRevoke: (of: Invitation) => void): Column<Invitation>[] {
  return [
    {
      header: 'Who',
      cell: ({ name, email }) => (
        <span class="cell-main">
          <strong>{name}</strong>
          <span>{email}</span>
        </span>
      ),
    },
    {
      header: 'Role',
      cell: ({ roles }) =>
        roles
          .map((id) => roleById(id))
          .map((role) => (role === undefined ? '' : roleTexts[role].label))
          .join(', '),
    },
    {
      header: 'State',
      cell: ({ status }) => {
        const { label, ...badge } = statuses[status];
        return <Badge {...badge}>{label}</Badge>;
      },
    },
    { header: 'Mail sent', cell: ({ sentAt }) => (sentAt === null ? 'Not yet' : spokenMoment(sentAt)) },
    {
      header: 'Expires',
      cell: ({ status, expiresAt }) => (status === 'accepted' || status === 'revoked' ? '–' : spokenDay(expiresAt)),
    },
    ...(mayChange('invitations:write')
      ? [
          {
            header: 'Actions',
            hiddenHeader: true,
            end: true,
            cell: (invitation: Invitation) => {
              const { status, email } = invitation;
              if (status === 'accepted' || status === 'revoked') return null;
              return (
                <span class="row row-end">
                  <Button size="small" label={`Resend to ${email}`} onClick={() => onResend(invitation)}>
                    Resend
                  </Button>
                  {status !== 'expired' && (
                    <Button
                      size="small"
                      label={`Revoke the invitation of ${email}`}
                      onClick={() => onRevoke(invitation)}
                    >
                      Revoke
                    </Button>
                  )}
                </span>
              );
            },
          },
        ]
      : []),
  ];
}

function RevokeDialog({
  organizationId,
  invitation: { id, email },
  onDone,
  onClose,
}: {
  organizationId: string;
  invitation: Invitation;
  onDone: () => void;
  onClose: () => void;
}) {
  const action = useAction(async () => {
    await api('platform.invitation.revoke', { path: { organizationId, invitationId: id } });
    onDone();
    onClose();
  });
  return (
    <ActionDialog
      title="Revoke the invitation?"
      action={action}
      submit="Revoke"
      kind="danger"
      cancel="Keep it"
      onClose={onClose}
    >
      <p>The link in the mail to {email} will no longer work.</p>
    </ActionDialog>
  );
}
