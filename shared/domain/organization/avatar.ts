import { createHash } from 'node:crypto';
import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import type { Work } from '../work.ts';
import { changeOrganization } from './change-organization.ts';
import type { Organization } from './organization.ts';

/** The largest avatar, in bytes. */
export const avatarBytesMax = 2 * 1_048_576;

/** An image as it is kept: under the organization and a digest of its bytes, so that what a key names never changes. */
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
 * An avatar out of the bytes of a file.
 * @throws `payload_too_large`; `unsupported_media_type` for what is no PNG, JPEG, WebP or GIF
 */
export function avatarOf({ organizationId }: TenantScope, bytes: Buffer): Avatar {
  if (bytes.length > avatarBytesMax) {
    throw new DomainError('payload_too_large', { message: 'An avatar has at most 2 MiB.' });
  }
  const type = imageTypes.find((candidate) => candidate.is(bytes));
  if (!type) throw new DomainError('unsupported_media_type', { message: 'Send a PNG, JPEG, WebP or GIF image.' });
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { key: `avatars/${organizationId}/${digest}`, bytes, contentType: type.contentType };
}

/** Makes a kept avatar the one that the organization shows. The object of the one before is removed later. */
export function setAvatar(work: Work, scope: TenantScope, { key }: Avatar): Organization {
  return changeOrganization(work, scope, { avatarUrl: `/${key}` });
}

/**
 * Where an organization's avatar is found. One that was uploaded is kept as a path below the stage's avatars, so that
 * these can move.
 */
export function shownAvatarUrl({ avatarUrl }: Pick<Organization, 'avatarUrl'>, avatarsUrl: string): string | null {
  return avatarUrl?.startsWith('/') ? `${avatarsUrl}${avatarUrl}` : avatarUrl;
}
