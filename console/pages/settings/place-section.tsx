import { useSignal } from '@preact/signals';
import { permissionsOf, type Role } from '../../../shared/domain/access/roles.ts';
import { api } from '../../api/api.ts';
import { bind } from '../../components/bind.ts';
import { Form } from '../../components/form.tsx';
import { into } from '../../components/into.ts';
import { Section } from '../../components/section.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { session } from '../../session/session.ts';
import { openOrganization, readOrganization } from '../../shell/organization.ts';

const nowhere = '';
const top = 'top';
const other = 'other';

/** Where the organization stands in the tree. Offered are the organizations in which the caller may place others. */
export function PlaceSection() {
  const { id = '', parentId = null } = openOrganization.value ?? {};
  const targets = (session.value?.memberships ?? [])
    .filter(
      ({ is_active: isActive, roles }) => isActive && permissionsOf(roles as readonly Role[]).has('children:create'),
    )
    .map(({ organization_id: target, organization_name: name }) => ({ value: String(target), label: name }))
    .filter(({ value }) => value !== id && value !== parentId);
  const options = [
    { value: nowhere, label: 'Choose a place' },
    ...(parentId === null ? [] : [{ value: top, label: 'At the top, below none' }]),
    ...targets,
    { value: other, label: 'Another, by its number …' },
  ];
  const chosen = useSignal(nowhere);
  const typed = useSignal('');
  const movedTo = useSignal<string | undefined>(undefined);
  const wanted = options.some(({ value }) => value === chosen.value) ? chosen.value : nowhere;
  const action = useAction(async () => {
    movedTo.value = undefined;
    const parent = wanted === top ? null : wanted === other ? typed.value.trim() : wanted;
    await api('hierarchy.organization.update', { path: { org_id: id }, body: { parent_org_id: parent } });
    await readOrganization(id);
    chosen.value = nowhere;
    movedTo.value = parent === null ? 'It stands at the top now.' : 'It has moved, with everything below it.';
  });
  return (
    <Section
      title="Place in the tree"
      about={
        parentId === null ? (
          'It stands at the top. Owners and administrators of an organization above reach down into it.'
        ) : (
          <>
            It stands below <a href={`/o/${parentId}`}>organization {parentId}</a>, whose owners and administrators
            reach down into it.
          </>
        )
      }
    >
      <Form action={action} submit="Move" kind="quiet" disabled={wanted === nowhere} done={movedTo.value}>
        <Select label="Move it to" value={wanted} options={options} onChange={into(chosen)} />
        {wanted === other && (
          <TextField
            label="Number of the organization"
            hint="In its settings, and in the address of its pages."
            required
            {...bind(typed)}
            error={action.fieldError('parent_org_id')}
          />
        )}
      </Form>
    </Section>
  );
}
