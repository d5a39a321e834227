import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecorder } from './call-recorder.ts';
import type { ObjectStoreNeeds } from './object-store-thread.ts';
import { recordS3 } from './recorded-services.ts';
import { startServiceThread } from './service-thread.ts';

/** The embedded S3. */
export interface ObjectStore {
  /** Where functions, and those they sign addresses for, find it. Buckets are in the path. */
  readonly endpoint: string;
  /** Makes the buckets that are missing and lets the access keys in. */
  serve(needs: ObjectStoreNeeds): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the object store. @param dataFolder where objects are kept; without one they are gone at the end */
export async function startObjectStore(dataFolder?: string, recorder?: CallRecorder): Promise<ObjectStore> {
  const folder =
    dataFolder === undefined ? mkdtempSync(join(tmpdir(), 'tenantry-objects-')) : join(dataFolder, 'objects');
  mkdirSync(folder, { recursive: true });
  const thread = await startServiceThread(new URL('./object-store-thread.ts', import.meta.url), { folder });
  const proxy = recorder && (await recordS3(thread.url, recorder));
  return {
    endpoint: (proxy ?? thread).url,
    serve: (needs) => thread.tell(needs),
    async stop() {
      await proxy?.stop();
      await thread.stop();
      if (dataFolder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
