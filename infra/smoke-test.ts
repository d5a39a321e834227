/**
 * `npm run smoke -- --url https://api.example.com`: asks a deployed stage what anybody may ask, and fails when it is not
 * what a healthy Tenantry answers. It changes nothing and needs no credential. With `--mail` it also looks, in the AWS
 * account of the environment (`ses:GetAccount`), whether mail arrives; what is wrong there is told and fails nothing.
 */
import { parseArgs } from 'node:util';
import { mailTroubles } from './mail-account.ts';

interface Check {
  readonly what: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly status: number;
  /** What the answer has to hold beside its status. */
  readonly holds?: (answer: Response, body: string) => boolean;
}

const checks: readonly Check[] = [
  { what: 'it is healthy', path: '/health', status: 200 },
  {
    what: 'it describes itself',
    path: '/openapi.json',
    status: 200,
    holds: (_, body) => Object.keys((JSON.parse(body) as { paths: object }).paths).length > 0,
  },
  {
    what: 'it reads the table and refuses a wrong password',
    path: '/auth/login',
    method: 'POST',
    body: { email: 'smoke-test@tenantry.invalid', password: 'Not-a-password-1843' },
    status: 401,
  },
  { what: 'it refuses who comes without a credential', path: '/organizations', status: 401 },
  { what: 'it has its own answer for what it has not', path: '/nowhere', status: 404 },
];

/** How long a stage that has just been deployed may take until it answers rightly. */
const patienceSeconds = 60;

const { values } = parseArgs({
  options: { url: { type: 'string' }, mail: { type: 'boolean', default: false }, patience: { type: 'string' } },
});
if (values.url === undefined || !URL.canParse(values.url)) {
  console.error('Say where: npm run smoke -- --url https://api.example.com');
  process.exitCode = 2;
} else {
  const deadline = Date.now() + Number(values.patience ?? patienceSeconds) * 1_000;
  for (const check of checks) {
    const complaint = await carryOut(check, values.url.replace(/\/$/, ''), deadline);
    console.log(complaint === undefined ? `fine   ${check.what}` : `WRONG  ${check.what}: ${complaint}`);
    if (complaint !== undefined) process.exitCode = 1;
  }
  if (values.mail) await tellOfMail();
}

async function tellOfMail(): Promise<void> {
  const troubles = await mailTroubles().catch((error: Error) => [`it is not known: ${error.message}`]);
  if (troubles.length === 0) console.log('fine   its mail arrives');
  for (const trouble of troubles) console.log(`MIND   its mail arrives: ${trouble}`);
}

/** What is wrong, once there is no more time to ask again. */
async function carryOut(check: Check, url: string, deadline: number): Promise<string | undefined> {
  for (;;) {
    const complaint = await ask(check, url).catch((error: Error) => `${error.message} ${error.cause ?? ''}`);
    if (complaint === undefined || Date.now() > deadline) return complaint;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

async function ask({ path, method = 'GET', body, status, holds }: Check, url: string): Promise<string | undefined> {
  const answer = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  if (answer.status !== status) return `${method} ${path} answered ${answer.status} and not ${status}`;
  if (!answer.headers.has('x-request-id')) return `${method} ${path} was not answered by Tenantry`;
  if (holds !== undefined && !holds(answer, text)) return `${method} ${path} answered something else`;
  return undefined;
}
