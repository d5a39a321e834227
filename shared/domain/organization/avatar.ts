import { createHash } from 'node:crypto';
import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import type { Work } from '../work.ts';
import { changeOrganization } from './change-organization.ts';
import type { Organization } from './organization.ts';

/** The largest avatar, in bytes. */
export const avatarBytesMax = 2 * 1_048_576;

/**
 * An image as it is kept: under the organization, a digest of its bytes and an id of its own. So what a key names never
 * changes, and what was removed under a key is never shown under it again.
 */
export interface Avatar {
  /** Without a slash at the beginning. */
  readonly key: string;
  readonly bytes: Buffer;
  readonly contentType: string;
}

const ascii = (text: string) => (bytes: Buffer, at: number) => bytes.toString('latin1', at, at + text.length) === text;

/** What the bytes of an image begin with. Neither a name nor a declared type tells what a file is. */
const imageTypes: readonly { readonly contentType: string; is(bytes: Buffer): boolean }[] = [
  { contentType: 'image/png', is: (bytes) => ascii('\x89PNG\r\n\x1a\n')(bytes, 0) },
  { contentType: 'image/jpeg', is: (bytes) => ascii('\xff\xd8\xff')(bytes, 0) },
  { contentType: 'image/gif', is: (bytes) => ascii('GIF87a')(bytes, 0) || ascii('GIF89a')(bytes, 0) },
  { contentType: 'image/webp', is: (bytes) => ascii('RIFF')(bytes, 0) && ascii('WEBP')(bytes, 8) },
];

/**
 * An avatar out of the bytes of a file; the one that the organization shows where that has the same bytes.
 * @throws `payload_too_large`; `unsupported_media_type` for what is no PNG, JPEG, WebP or GIF
 */
export function avatarOf({ organizationId, organization }: TenantScope, bytes: Buffer, id: number): Avatar {
  if (bytes.length > avatarBytesMax) {
    throw new DomainError('payload_too_large', { message: 'An avatar has at most 2 MiB.' });
  }
  const type = imageTypes.find((candidate) => candidate.is(bytes));
  if (!type) throw new DomainError('unsupported_media_type', { message: 'Send a PNG, JPEG, WebP or GIF image.' });
  const digest = createHash('sha256').update(bytes).digest('hex');
  const prefix = `avatars/${organizationId}/${digest}`;
  const shown = organization.avatarUrl?.startsWith(`/${prefix}`) ? organization.avatarUrl.slice(1) : undefined;
  return { key: shown ?? `${prefix}-${id}`, bytes, contentType: type.contentType };
}

/** Whether the organization shows it, so that it is kept already. */
export function isShown({ organization }: TenantScope, { key }: Avatar): boolean {
  return organization.avatarUrl === `/${key}`;
}

/** Notes, before an avatar is kept, that nobody shows it: should nobody ever, the purge finds it by this. */
export async function announceAvatar(
  { stores, changes, now }: Work,
  scope: TenantScope,
  { key }: Avatar,
): Promise<void> {
  stores.avatars.note(changes, { organizationId: scope.organizationId, path: `/${key}`, since: now });
}

/** Makes a kept avatar the one that the organization shows. The object of the one before is removed later. */
export function setAvatar(work: Work, scope: TenantScope, avatar: Avatar): Organization {
  const path = `/${avatar.key}`;
  if (!isShown(scope, avatar)) work.stores.avatars.forget(work.changes, { path });
  return changeOrganization(work, scope, { avatarUrl: path });
}

/**
 * Where an organization's avatar is found. One that was uploaded is kept as a path below the stage's avatars, so that
 * these can move.
 */
export function shownAvatarUrl({ avatarUrl }: Pick<Organization, 'avatarUrl'>, avatarsUrl: string): string | null {
  return avatarUrl?.startsWith('/') ? `${avatarsUrl}${avatarUrl}` : avatarUrl;
}
