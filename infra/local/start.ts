/**
 * `npm start`: serves the synthesized app on this machine until Ctrl-C.
 *
 * - `PORT`: of the API, 3000 by default; 0 for any that is free.
 * - `TENANTRY_DATA_DIR`: where data is kept across restarts and kills; in memory by default.
 * - `TENANTRY_RUN_FILE`: where it is written down, once it is ready, how others find it; `.local/run.json` by default.
 * - `DYNAMODB_ENDPOINT`: a DynamoDB that runs already, in place of the embedded one.
 * - `TENANTRY_ASSEMBLY_DIR`: a synthesized app to serve as it is, in place of the project's own.
 * - `TENANTRY_WATCH`: `off` serves what was there at the start, whatever becomes of the sources.
 * - `TENANTRY_RATE_LIMITS`: `on` limits how often a session or an API key may call, as a deployed stage does.
 * - `TENANTRY_RECORD_CALLS`: a file that gets each call of a function to a service, as a line of JSON.
 * - `TENANTRY_FUNCTION_LOG`: `stdout` also shows here what functions print.
 */
import { relative } from 'node:path';
import { ClearError } from './clear-error.ts';
import { type LocalStack, startLocalStack } from './local-stack.ts';

const begun = performance.now();
const {
  PORT,
  TENANTRY_DATA_DIR,
  TENANTRY_RUN_FILE,
  TENANTRY_ASSEMBLY_DIR,
  TENANTRY_WATCH,
  TENANTRY_RATE_LIMITS,
  TENANTRY_RECORD_CALLS,
  TENANTRY_FUNCTION_LOG,
  DYNAMODB_ENDPOINT,
} = process.env;

const watches = !TENANTRY_ASSEMBLY_DIR && TENANTRY_WATCH !== 'off';

// Lambda's clocks show UTC, whatever this machine's do.
process.env.TZ = 'UTC';

let stack: LocalStack | undefined;
let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    // Before it is ready there is nothing to bring to an end, and nobody waits a second time.
    if (ending || stack === undefined) process.exit(ending ? 1 : 0);
    ending = true;
    await stack.stop();
    process.exit(0);
  });
}

try {
  stack = await startLocalStack({
    port: readPort(PORT),
    dataFolder: TENANTRY_DATA_DIR || undefined,
    runFile: TENANTRY_RUN_FILE || undefined,
    assemblyFolder: TENANTRY_ASSEMBLY_DIR || undefined,
    rateLimits: TENANTRY_RATE_LIMITS === 'on',
    recordCalls: TENANTRY_RECORD_CALLS || undefined,
    dynamodbEndpoint: DYNAMODB_ENDPOINT || undefined,
    echoFunctionLog: TENANTRY_FUNCTION_LOG === 'stdout' ? (line) => console.log(line) : undefined,
    report: (line) => console.log(line),
    watch: watches,
  });
  console.log(welcome(stack));
  const error = await stack.broken;
  await stack.stop();
  throw error;
} catch (error) {
  console.error(error instanceof ClearError ? error.message : error);
  process.exit(1);
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 3000;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ClearError(`PORT is no port: ${text}. It is a number from 0 (any free one) to 65535.`);
  }
  return port;
}

/** What a person needs who sees this for the first time. */
function welcome({ url, inboxUrl, platformAdmin, dataFolder, logFile }: LocalStack): string {
  const json = "-H 'content-type: application/json'";
  const signIn = JSON.stringify({ email: platformAdmin.email, password: platformAdmin.password });
  return `
Tenantry runs, ready after ${((performance.now() - begun) / 1000).toFixed(1)} s.

  Console    ${url}
  API        ${url}
  Mails      ${inboxUrl}
  Sign in    ${platformAdmin.email}  ${platformAdmin.password}
  Data       ${dataFolder ?? `${DYNAMODB_ENDPOINT ? `the table at ${DYNAMODB_ENDPOINT}, the rest ` : ''}in memory: gone at the end (set TENANTRY_DATA_DIR to a folder to keep it)`}
  Logs       ${relative(process.cwd(), logFile)} (TENANTRY_FUNCTION_LOG=stdout shows them here)

Try it:

  TOKEN=$(curl -s ${url}/auth/login ${json} -d '${signIn}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -s ${url}/organizations ${json} -H "authorization: Bearer $TOKEN" -d '{"organization_name":"Example"}'
  curl -s ${url}/organizations -H "authorization: Bearer $TOKEN"

${watches ? 'Changes of the sources are served soon after they are saved. ' : ''}Ctrl-C ends it.
`;
}
