import { setTimeout } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

let calls = 0;
const objects = new S3Client({});

interface Event {
  readonly pathParameters: { readonly how: string };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** Does what the path says, well or badly. */
export async function handler(event: Event): Promise<unknown> {
  calls += 1;
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  switch (event.pathParameters.how) {
    case 'count':
      return { calls };
    case 'throw':
      throw new TypeError('as asked');
    case 'exit':
      return process.exit(3);
    case 'crash':
      queueMicrotask(() => {
        throw new Error('nobody catches this');
      });
      return setTimeout(1_000);
    case 'spin':
      for (;;) calls += 1;
    case 'hang':
      return setTimeout(60_000);
    case 'nothing':
      return null;
    case 'nonsense':
      return { statusCode: 'many', body: 7 };
    case 'bytes':
      return {
        statusCode: 201,
        headers: { 'content-type': 'image/png', 'x-list': ['a', 'b'] },
        cookies: ['a=1', 'b=2; HttpOnly'],
        isBase64Encoded: true,
        body: bytes.toString('base64'),
      };
    case 'plain':
      return { statusCode: 200, body: 'just text' };
    case 'size':
      return { size: bytes.length, base64: event.isBase64Encoded };
    case 'huge':
      return { statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) };
    case 'object': {
      const place = { Bucket: process.env.BUCKET_NAME ?? '', Key: 'pictures/one' };
      await objects.send(new PutObjectCommand({ ...place, Body: bytes, ContentType: 'image/png' }));
      const read = await objects.send(new GetObjectCommand(place));
      return { type: read.ContentType, size: (await read.Body?.transformToByteArray())?.length };
    }
    default:
      return { statusCode: 204 };
  }
}
