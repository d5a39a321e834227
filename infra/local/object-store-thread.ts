/** The body of the object store's thread: s3rver, which is told of buckets and access keys as the app needs them. */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/** What the store is told. */
export interface ObjectStoreNeeds {
  readonly buckets: readonly string[];
  /** Each is its own secret. */
  readonly accessKeys: readonly string[];
}

interface S3rver {
  run(): Promise<{ port: number }>;
  readonly store: { getBucket(name: string): Promise<unknown>; putBucket(name: string): Promise<unknown> };
}

const require = createRequire(import.meta.url);
const S3rver: new (options: object) => S3rver = require('@20minutes/s3rver');
const { DUMMY_ACCOUNT } = require('@20minutes/s3rver/lib/models/account.js');

const { folder } = workerData as { readonly folder: string };
const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: folder, vhostBuckets: false });
const { port } = await server.run();

parentPort?.on('message', async ({ buckets, accessKeys }: ObjectStoreNeeds) => {
  for (const name of buckets) if (!(await server.store.getBucket(name))) await server.store.putBucket(name);
  for (const accessKey of accessKeys) DUMMY_ACCOUNT.createKeyPair(accessKey, accessKey);
  parentPort?.postMessage({ port });
});
parentPort?.postMessage({ port });
