/** `npm run job -- <name> ['<input as JSON>']`: runs a job in the running stack now, and prints what it did. */
import { request } from 'node:http';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClearError } from './clear-error.ts';
import type { Outcome } from './function-pool.ts';
import { defaultRunFile, readRunFile } from './run-file.ts';

const [name, input] = process.argv.slice(2);
const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

try {
  const { controlUrl, controlSecret } = readRunFile(
    resolve(projectFolder, process.env.TENANTRY_RUN_FILE || defaultRunFile),
  );
  const order = (method: string, path: string, body?: object) =>
    giveOrder(controlUrl, controlSecret, method, path, body);
  if (name === undefined) {
    const jobs = (await order('GET', '/jobs')) as string[];
    throw new ClearError(`Say which job: npm run job -- <name>. There are: ${jobs.join(', ')}.`);
  }
  const outcome = (await order('POST', '/jobs', {
    name,
    ...(input === undefined ? {} : { input: readInput(input) }),
  })) as Outcome;
  if (outcome.kind === 'failure') throw new ClearError(`The job ${name} failed: ${outcome.error.errorMessage}`);
  console.log(JSON.stringify(JSON.parse(outcome.payload), undefined, 2));
} catch (error) {
  console.error(error instanceof ClearError ? error.message : error);
  process.exit(1);
}

function readInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ClearError(`The input of a job is JSON, and this is none: ${text}`);
  }
}

/** Waits as long as it takes: a job may run for a quarter of an hour. */
function giveOrder(url: string, secret: string, method: string, path: string, body?: object): Promise<unknown> {
  return new Promise((settle, reject) => {
    const headers = { authorization: `Bearer ${secret}` };
    const outgoing = request(`${url}${path}`, { method, headers }, async (incoming) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const answer = JSON.parse(Buffer.concat(chunks).toString());
      if (incoming.statusCode === 200) settle(answer);
      else reject(new ClearError(answer.message));
    });
    outgoing.once('error', () => reject(new ClearError('No stack runs any more: start one with `npm start`.')));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
