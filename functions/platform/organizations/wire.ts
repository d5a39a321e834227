import * as z from 'zod/mini';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { shownAvatarUrl } from '../../../shared/domain/organization/avatar.ts';
import { type Organization, organizationStatuses } from '../../../shared/domain/organization/organization.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';
import type { DomainSettings } from '../../../shared/domain/work.ts';

/** An organization as this dialect shows it: bare, without the envelope. */
export const PlatformOrganization = z.object({
  id: z.uuid(),
  name: z.string(),
  avatarUrl: z.nullable(z.string()),
  status: z.enum(organizationStatuses),
  statusReason: z.nullable(z.string()),
  type: z.enum(['root', 'child']),
  /** The longest-standing OWNER. */
  owner: z.uuid(),
  /** Null where the organization was made through a dialect that does not ask for a country. */
  countryCode: z.nullable(z.string()),
  createdAt: z.iso.datetime(),
});

/** `avatarsUrl`: where uploaded avatars are served (`work.settings`). */
export function toPlatformOrganization(
  organization: Organization,
  { avatarsUrl }: Pick<DomainSettings, 'avatarsUrl'>,
): z.output<typeof PlatformOrganization> {
  return {
    id: toUuid('organization', organization.id),
    name: organization.name,
    avatarUrl: shownAvatarUrl(organization, avatarsUrl),
    status: organization.status,
    statusReason: organization.statusReason,
    type: organization.parentId === null ? 'root' : 'child',
    owner: toUuid('user', organization.ownerId),
    countryCode: organization.countryCode,
    createdAt: toIso(organization.createdAt),
  };
}
