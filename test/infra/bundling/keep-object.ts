import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const client = new S3Client({ forcePathStyle: true });

/** Puts an object, and answers what is then read there and, as the name of the refusal, where nothing is. */
export async function handler(event: { readonly bucket: string; readonly key: string; readonly text: string }) {
  const { bucket: Bucket, key: Key } = event;
  await client.send(new PutObjectCommand({ Bucket, Key, Body: event.text, ContentType: 'text/plain' }));
  const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket, Key }));
  const refusal = await client.send(new GetObjectCommand({ Bucket, Key: `${Key}.none` })).catch((error) => error.name);
  return { text: await Body?.transformToString(), type: ContentType, refusal };
}
