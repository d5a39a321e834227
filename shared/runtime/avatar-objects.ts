import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Avatar } from '../domain/organization/avatar.ts';
import { services } from './services.ts';

let client: S3Client | undefined;

function open(): { client: S3Client; Bucket: string } {
  const { avatarBucket } = services().settings;
  if (avatarBucket === undefined) throw new Error('No bucket of avatars was given.');
  client ??= new S3Client({
    maxAttempts: 4,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  return { client, Bucket: avatarBucket };
}

/** Keeps an avatar: it is there when this returns. Keeping it again changes nothing. */
export async function putAvatar({ key, bytes, contentType }: Avatar): Promise<void> {
  const { client: s3, Bucket } = open();
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: key,
      Body: bytes,
      ContentType: contentType,
      // A key names the same bytes for ever.
      CacheControl: 'public, max-age=31536000, immutable',
    }),
  );
}

/** Removes an avatar; one that is gone already does not matter. */
export async function deleteAvatar(key: string): Promise<void> {
  const { client: s3, Bucket } = open();
  await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
}
