import type { Role } from '../../shared/domain/access/roles.ts';
import { openOrganization } from '../shell/organization.ts';
import { rolesToGive, roleTexts } from '../shell/roles.ts';
import { Select } from './select.tsx';

/** One of the roles that the caller may give in the organization that is looked at, and what it is for. */
export function RoleSelect({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  return (
    <Select
      label="Role"
      value={value}
      options={rolesToGive(openOrganization.value?.permissions ?? new Set()).map((role) => ({
        value: role,
        label: roleTexts[role].label,
      }))}
      hint={roleTexts[value].about}
      onChange={onChange}
    />
  );
}
