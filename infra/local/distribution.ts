import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { localAccount } from './resource-kinds.ts';
import type { SiteFile } from './site.ts';

/** What stands in for CloudFront in front of a private bucket: it serves the objects by their keys, without a cache. */
export interface LocalDistribution {
  /** As `http://127.0.0.1:3001`. */
  readonly url: string;
  /** The access key with which it reads; it is its own secret. */
  readonly accessKey: string;
  /** Serves a bucket from now on. */
  serve(objectStoreUrl: string, bucket: string | undefined): void;
  stop(): Promise<void>;
}

const accessKey = 'LOCALDISTRIBUTION000';

/** What CloudFront's managed policy SecurityHeadersPolicy adds, as far as it says something about pictures. */
const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=31536000',
  'x-frame-options': 'SAMEORIGIN',
};

/** Listens on the loopback interface, on any port that is free. */
export async function openDistribution(): Promise<LocalDistribution> {
  let served: { client: S3Client; bucket: string } | undefined;
  const server = createServer((message, response) => {
    answer(message, response, served).catch(() => response.writeHead(403, securityHeaders).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKey,
    serve(objectStoreUrl, bucket) {
      served?.client.destroy();
      served = bucket === undefined ? undefined : { bucket, client: clientOf(objectStoreUrl) };
    },
    async stop() {
      served?.client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function clientOf(endpoint: string): S3Client {
  const credentials = { accessKeyId: accessKey, secretAccessKey: accessKey };
  return new S3Client({ endpoint, region: localAccount.region, credentials, forcePathStyle: true });
}

/** What the bucket refuses is refused: it does not tell what it does not have. */
async function answer(
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
  served: { client: S3Client; bucket: string } | undefined,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(403, securityHeaders).end();
  if (served === undefined) return void response.writeHead(503).end();
  const [path = ''] = url.split('?');
  const { headers, body } = await readObject(served.client, served.bucket, decodeURIComponent(path.slice(1)));
  response.writeHead(200, { ...headers, ...securityHeaders, 'content-length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
}

/** An object with the headers that CloudFront hands on. @throws what the bucket refuses with */
export async function readObject(client: S3Client, bucket: string, key: string): Promise<SiteFile> {
  const { Body, ContentType, CacheControl, ETag } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: key }),
  );
  return {
    headers: {
      ...(ContentType === undefined ? {} : { 'content-type': ContentType }),
      ...(CacheControl === undefined ? {} : { 'cache-control': CacheControl }),
      ...(ETag === undefined ? {} : { etag: ETag }),
    },
    body: Buffer.from((await Body?.transformToByteArray()) ?? []),
  };
}
