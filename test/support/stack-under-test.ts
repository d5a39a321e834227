import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A mail that the stack has sent. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A running Tenantry, local or rehearsed: what the HTTP suite may do with it. */
export interface StackUnderTest {
  readonly url: string;
  readonly platformAdmin: { readonly email: string; readonly password: string };
  mails(): Promise<Mail[]>;
  /** Runs a job now and waits for it. Answers what it printed. */
  runJob(name: string, input?: object): Promise<string>;
  /** Lets the last mail to an address come back, or its reader complain. */
  reportMail(type: 'bounce' | 'complaint', address: string): Promise<void>;
}

const run = promisify(execFile);

/** The stack of this run of the suite (test/support/start-stack.ts has started or found it). */
export async function stackUnderTest(): Promise<StackUnderTest> {
  const { url, inboxUrl, controlUrl, controlSecret, platformAdmin } = JSON.parse(
    readFileSync(process.env.TENANTRY_RUN_FILE ?? '', 'utf8'),
  );
  return {
    url,
    platformAdmin,
    async mails() {
      const { emails } = (await (await fetch(`${inboxUrl}/store`)).json()) as {
        emails: { destination: { to: string[] }; subject: string; body: { text?: string; html?: string } }[];
      };
      return emails.map(({ destination, subject, body }) => ({
        to: destination.to,
        subject,
        text: body.text ?? '',
        html: body.html ?? '',
      }));
    },
    async runJob(name, input) {
      const { stdout } = await run('node', ['infra/local/job.ts', name, ...(input ? [JSON.stringify(input)] : [])]);
      return stdout;
    },
    async reportMail(type, address) {
      const answer = await fetch(`${controlUrl}/mail-events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${controlSecret}` },
        body: JSON.stringify({ type, address }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
  };
}

/** Asks again until there is an answer. @throws after `withinMilliseconds` */
export async function eventually<Found>(
  ask: () => Promise<Found | undefined>,
  withinMilliseconds = 20_000,
): Promise<Found> {
  const deadline = Date.now() + withinMilliseconds;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Nothing within ${withinMilliseconds} ms.`);
    await sleep(100);
  }
}
