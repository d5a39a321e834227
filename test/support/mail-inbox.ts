import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { isShared } from './own-process.ts';

/** A mail as the embedded SES has taken it. */
export interface TakenMail {
  readonly from: string;
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly html?: string; readonly text?: string };
}

/** The embedded SES, and a line to it that can be disturbed. */
export interface MailInbox {
  /**
   * `refuses`: every mail is refused. `loses-answers`: mails are taken, and the sender never learns it. `is-busy`: each
   * address is told five times that mails come too fast.
   */
  line: 'works' | 'refuses' | 'loses-answers' | 'is-busy';
  /** Asked for each mail, while the line works: whether it is refused. The mail waits for the answer. */
  isCut: () => boolean | Promise<boolean>;
  /** The requests to send, as they came, without those that were refused. */
  readonly requests: readonly Record<string, unknown>[];
  mailsTo(address: string): Promise<readonly TakenMail[]>;
  stop(): Promise<void>;
}

/** The inbox of all files that share this process. The mail client knows its address from the first of them on. */
let sharedInbox: Promise<MailInbox> | undefined;

/** Starts an inbox and points this process at it. In a process that files share it stays, and keeps its mails. */
export async function openMailInbox(): Promise<MailInbox> {
  if (!isShared) return startInbox();
  sharedInbox ??= startInbox();
  return Object.assign(await sharedInbox, { line: 'works', isCut: () => false, stop: async () => {} });
}

async function startInbox(): Promise<MailInbox> {
  const require = createRequire(import.meta.url);
  const embedded: typeof import('aws-ses-v2-local') = require('aws-ses-v2-local');
  const server = await embedded.default({ host: '127.0.0.1', port: 0 });
  const inboxUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const requests: Record<string, unknown>[] = [];
  const putOff = new Map<string, number>();
  const inbox: MailInbox = {
    line: 'works',
    isCut: () => false,
    requests,
    async mailsTo(address) {
      const store = (await (await fetch(`${inboxUrl}/store`)).json()) as { emails: TakenMail[] };
      return store.emails.filter(({ destination }) => destination.to.includes(address));
    },
    async stop() {
      line.close();
      server.close();
    },
  };
  const line = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const to = String(JSON.parse(body.toString()).Destination.ToAddresses);
    if (inbox.line === 'is-busy' && (putOff.get(to) ?? 0) < 5) {
      putOff.set(to, (putOff.get(to) ?? 0) + 1);
      response.writeHead(429, { 'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException' });
      response.end(JSON.stringify({ message: 'Maximum sending rate exceeded.' }));
      return;
    }
    const taken =
      inbox.line !== 'refuses' &&
      !(await inbox.isCut()) &&
      (await fetch(inboxUrl + request.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
        body,
      }));
    if (taken) requests.push(JSON.parse(body.toString()));
    if (!taken || inbox.line === 'loses-answers') {
      response.writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'MessageRejected' });
      response.end(JSON.stringify({ message: 'Not today.' }));
      return;
    }
    response.writeHead(taken.status, { 'content-type': 'application/json' });
    response.end(await taken.text());
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_SESV2 = `http://127.0.0.1:${(line.address() as AddressInfo).port}`;
  return inbox;
}

/** The token that a mail carries. */
export function tokenIn(mail: TakenMail | undefined): string {
  const [, token] = /^Token: (\S+)$/m.exec(mail?.body.text ?? '') ?? [];
  if (token === undefined) throw new Error(`No token in ${JSON.stringify(mail)}`);
  return token;
}
