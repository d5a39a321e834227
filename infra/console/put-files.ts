import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** How long files stay after a deployment that has them no more: whoever has the console open may still ask for them. */
const keptMilliseconds = 7 * 24 * 60 * 60 * 1000;

/** Longer than one deployment takes to put its files. */
const deploymentMilliseconds = 10 * 60 * 1000;

/** Files with a hash of their content in their names lie here. */
const hashed = /^assets\//;

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Where files go, and those of them that only the deployment can write. */
export interface Target {
  readonly bucket: string;
  /** Contents by name. */
  readonly written: Readonly<Record<string, string>>;
}

/**
 * Puts all files of a folder into a bucket, those that name others last, and removes what earlier deployments put there
 * and has been of no use for a week. A deployment puts all that it has anew, so a file is of use until the next has put its
 * own.
 */
export async function putFiles(s3: S3Client, folder: string, { bucket, written }: Target, now: number): Promise<void> {
  const files = new Map<string, Buffer>(Object.entries(written).map(([name, text]) => [name, Buffer.from(text)]));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(file.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, ''), await readFile(file));
  }
  const names = [...files.keys()];
  const before = await list(s3, bucket);
  const put = (name: string) =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: name,
        Body: files.get(name) ?? '',
        ContentType: contentTypes[extname(name)] ?? 'application/octet-stream',
        CacheControl: hashed.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      }),
    );
  await aFewAtATime(
    names.filter((name) => hashed.test(name)),
    put,
  );
  await aFewAtATime(
    names.filter((name) => !hashed.test(name)),
    put,
  );
  const usedUntil = (put: number) =>
    Math.min(now, ...before.map(({ at }) => at).filter((at) => at > put + deploymentMilliseconds));
  const old = before.filter(({ name, at }) => !files.has(name) && usedUntil(at) < now - keptMilliseconds);
  await remove(s3, bucket, old);
}

/** Empties a bucket, which cannot be deleted otherwise. */
export async function removeFiles(s3: S3Client, bucket: string): Promise<void> {
  await remove(s3, bucket, await list(s3, bucket));
}

interface Kept {
  readonly name: string;
  /** When it was put there, in milliseconds since 1970. */
  readonly at: number;
}

async function list(s3: S3Client, bucket: string): Promise<Kept[]> {
  const kept: Kept[] = [];
  let from: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: from }));
    for (const { Key, LastModified } of page.Contents ?? []) {
      if (Key !== undefined) kept.push({ name: Key, at: LastModified?.getTime() ?? 0 });
    }
    from = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (from !== undefined);
  return kept;
}

function remove(s3: S3Client, bucket: string, kept: readonly Kept[]): Promise<void> {
  return aFewAtATime(kept, ({ name }) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: name })));
}

async function aFewAtATime<Value>(values: readonly Value[], work: (value: Value) => Promise<unknown>): Promise<void> {
  const left = [...values];
  const worker = async () => {
    for (let value = left.shift(); value !== undefined; value = left.shift()) await work(value);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Answers CloudFormation in any case: what it hears nothing of it waits for. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { Bucket: bucket, Written: written } = event.ResourceProperties as unknown as {
    Bucket: string;
    Written: Record<string, string>;
  };
  let failure: unknown;
  try {
    const s3 = new S3Client({});
    if (event.RequestType === 'Delete') await removeFiles(s3, bucket);
    else await putFiles(s3, fileURLToPath(new URL('site', import.meta.url)), { bucket, written }, Date.now());
  } catch (error) {
    failure = error;
  }
  await fetch(event.ResponseURL, {
    method: 'PUT',
    body: JSON.stringify({
      Status: failure === undefined ? 'SUCCESS' : 'FAILED',
      ...(failure === undefined ? {} : { Reason: String(failure) }),
      PhysicalResourceId: `files-of-${bucket}`,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
    }),
  });
}
