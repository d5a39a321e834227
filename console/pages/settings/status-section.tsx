import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { Badge } from '../../components/badge.tsx';
import { bind } from '../../components/bind.ts';
import { Form } from '../../components/form.tsx';
import { into } from '../../components/into.ts';
import { Section } from '../../components/section.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { session } from '../../session/session.ts';
import { type OpenOrganization, openOrganization, readOrganization } from '../../shell/organization.ts';

type Status = OpenOrganization['status'];

const words = {
  active: { word: 'Active', kind: 'good' },
  inactive: { word: 'Inactive', kind: 'warn' },
  suspended: { word: 'Suspended', kind: 'bad' },
} as const;

/** Whether the organization can be worked with. Only platform administrators suspend, and end a suspension. */
export function StatusSection() {
  const { id = '', status = 'active', statusReason } = openOrganization.value ?? {};
  const isAdministrator = session.value?.user.platform_admin === true;
  const offered = (Object.keys(words) as Status[]).filter(
    (other) => other !== status && (isAdministrator || (other !== 'suspended' && status !== 'suspended')),
  );
  const chosen = useSignal<Status>(offered[0] ?? status);
  const reason = useSignal('');
  const wanted = offered.includes(chosen.value) ? chosen.value : (offered[0] ?? status);
  const action = useAction(async () => {
    await api('platform.organization.update', {
      path: { organizationId: id },
      body: { status: wanted, ...(reason.value === '' ? {} : { statusReason: reason.value }) },
    });
    reason.value = '';
    await readOrganization(id);
  });
  return (
    <Section
      title="Status"
      about={
        <>
          <Badge kind={words[status].kind}>{words[status].word}</Badge> {statusReason}
        </>
      }
    >
      {offered.length === 0 ? (
        <p class="quiet">Only the operators of this service end a suspension.</p>
      ) : (
        <Form
          action={action}
          kind={wanted === 'active' ? 'primary' : 'quiet'}
          submit={wanted === 'active' ? 'Make it active' : `Make it ${wanted}`}
        >
          {offered.length > 1 && (
            <Select
              label="New status"
              value={wanted}
              options={offered.map((value) => ({ value, label: words[value].word }))}
              onChange={into(chosen)}
            />
          )}
          {wanted === 'active' ? (
            <p>Members can change things again.</p>
          ) : (
            <TextField
              label="Reason"
              hint="Members read it. What is not active can be looked at, not changed."
              required
              {...bind(reason)}
              error={action.fieldError('statusReason')}
            />
          )}
        </Form>
      )}
    </Section>
  );
}
