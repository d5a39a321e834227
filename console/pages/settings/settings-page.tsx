import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { api } from '../../api/api.ts';
import { bind } from '../../components/bind.ts';
import { Skeleton } from '../../components/busy.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Form } from '../../components/form.tsx';
import { Moment } from '../../components/moment.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { Section } from '../../components/section.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { readSession, session } from '../../session/session.ts';
import { may, mayChange, openOrganization, readOrganization } from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';
import { AvatarSection } from './avatar-section.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { PlaceSection } from './place-section.tsx';
import { StatusSection } from './status-section.tsx';
import { TagsSection } from './tags-section.tsx';

/** What the organization is, and the end of it. */
export function SettingsPage() {
  const id = openOrganization.value?.id;
  const isChangeable = mayChange('organization:update');
  return (
    <>
      <PageHead title="Settings" about={openOrganization.value?.name} />
      <div class="sections">
        <Profile key={id} isChangeable={isChangeable} />
        {isChangeable && <AvatarSection />}
        <TagsSection isChangeable={isChangeable} />
        {mayChange('owners:write') && <PlaceSection />}
        {may('organization:update') && <StatusSection />}
        <Endings />
      </div>
    </>
  );
}

function Profile({ isChangeable }: { isChangeable: boolean }) {
  const organization = openOrganization.value;
  const id = organization?.id ?? '';
  const facts = useLoad(
    async (signal) => (await api('platform.organization.read', { path: { organizationId: id } }, { signal })).body,
    [id],
  );
  const name = useSignal(organization?.name ?? '');
  const isDone = useSignal(false);
  const action = useAction(async () => {
    isDone.value = false;
    await api('hierarchy.organization.update', { path: { org_id: id }, body: { name: name.value } });
    await readOrganization(id);
    await readSession();
    isDone.value = true;
  });
  return (
    <Section title="Organization">
      {isChangeable && (
        <Form action={action} submit="Save" done={isDone.value ? 'Saved.' : undefined}>
          <TextField label="Name" required {...bind(name)} error={action.fieldError('name')} />
        </Form>
      )}
      {facts.error !== undefined && <ErrorNotice error={facts.error} retry={facts.reload} />}
      {facts.value === undefined && facts.error === undefined && <Skeleton lines={4} />}
      {facts.value && (
        <dl class="facts">
          {!isChangeable && (
            <>
              <dt>Name</dt>
              <dd>{facts.value.name}</dd>
            </>
          )}
          <dt>Number</dt>
          <dd class="row">
            <code>{id}</code> <CopyButton text={id} what="the number" />
          </dd>
          <dt>UUID</dt>
          <dd class="row">
            <code class="breakable">{facts.value.id}</code> <CopyButton text={facts.value.id} what="the UUID" />
          </dd>
          {facts.value.countryCode !== null && (
            <>
              <dt>Country</dt>
              <dd>{new Intl.DisplayNames('en', { type: 'region' }).of(facts.value.countryCode)}</dd>
            </>
          )}
          <dt>Since</dt>
          <dd>
            <Moment at={facts.value.createdAt} dayOnly />
          </dd>
        </dl>
      )}
    </Section>
  );
}

/** Leaving it, and deleting it, for whoever may. */
function Endings() {
  const { route } = useLocation();
  const { id, name } = openOrganization.value ?? {};
  const asked = useSignal<'leave' | 'delete' | undefined>(undefined);
  const isMember = session.value?.memberships.some(
    ({ organization_id: of, is_active: isActive }) => isActive && String(of) === id,
  );
  const mayDelete = mayChange('organization:delete');
  if (id === undefined || name === undefined || (!isMember && !mayDelete)) return null;
  const close = () => {
    asked.value = undefined;
  };
  const goAway = async () => {
    await readSession();
    route('/');
  };
  return (
    <Section title="Endings" danger>
      {isMember && (
        <div class="row-apart">
          <p>
            <strong>Leave this organization</strong>
            <br />
            <span class="quiet small">You are no longer a member. Somebody has to invite you to come back.</span>
          </p>
          <Button
            onClick={() => {
              asked.value = 'leave';
            }}
          >
            Leave …
          </Button>
        </div>
      )}
      {mayDelete && (
        <div class="row-apart">
          <p>
            <strong>Delete this organization</strong>
            <br />
            <span class="quiet small">With its members, invitations, keys and workspaces.</span>
          </p>
          <Button
            kind="danger"
            onClick={() => {
              asked.value = 'delete';
            }}
          >
            Delete …
          </Button>
        </div>
      )}
      {asked.value === 'leave' && <LeaveDialog organization={id} name={name} onClose={close} onLeft={goAway} />}
      {asked.value === 'delete' && <DeleteDialog organization={id} name={name} onClose={close} onDeleted={goAway} />}
    </Section>
  );
}
