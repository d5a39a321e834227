/**
 * The body of the inbox's thread: aws-ses-v2-local, with its mails kept in a file where there is one. It keeps them in
 * its memory alone, so each is written down before it is taken in, and put back at the start.
 */
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const inbox: typeof import('aws-ses-v2-local') = require('aws-ses-v2-local');
const store: typeof import('aws-ses-v2-local/dist/store.js') = require('aws-ses-v2-local/dist/store.js');

const { file } = workerData as { readonly file?: string };
if (file !== undefined) {
  const { saveEmail, clearStore } = store;
  const kept = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  for (const line of kept) if (line !== '') store.getStoreReadonly().emails.push(JSON.parse(line));
  Object.assign(store, {
    saveEmail(email: Parameters<typeof saveEmail>[0]) {
      appendFileSync(file, `${JSON.stringify(email)}\n`, { mode: 0o600 });
      saveEmail(email);
    },
    clearStore() {
      rmSync(file, { force: true });
      clearStore();
    },
  });
}

const server = await inbox.default({ host: '127.0.0.1', port: 0 });
parentPort?.postMessage({ port: (server.address() as AddressInfo).port });
