import { randomUUID } from 'node:crypto';
import type { Registry } from '../../../infra/endpoint-registry.ts';
import { addKnownCaller } from './known-caller.ts';
import { sampleRequest } from './sample-request.ts';

/** What cold starts are measured with. */
export interface Setting {
  /** To write bundles to. */
  readonly folder: string;
  /** How often each function is started. */
  readonly runs: number;
  readonly registry: Registry;
  /** Of every function. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The first event of a function: a request to its endpoint, a schedule's event, or a batch of no stream records. */
export async function firstEvent({ registry }: Setting, name: string): Promise<object> {
  const registered = registry.endpoints.find((endpoint) => endpoint.name === name);
  // A caller for each: one request may end the session, or the organization, of the next.
  if (registered) return sampleRequest(registered.endpoint, await addKnownCaller());
  if (registry.consumers.some((consumer) => consumer.name === name)) return { Records: [] };
  return jobEvents[name]?.() ?? {};
}

/** What jobs are started with that need to be told something. */
const jobEvents: Readonly<Record<string, () => object>> = {
  'job-mail-feedback': () => ({ Records: [] }),
  'job-bootstrap': () => ({ email: `administrator-${randomUUID()}@tenantry.example.com` }),
};
