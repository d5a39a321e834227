import type { Registry } from '../../../infra/endpoint-registry.ts';
import type { KnownCaller } from './known-caller.ts';
import { sampleRequest } from './sample-request.ts';

/** What cold starts are measured with. */
export interface Setting {
  /** To write bundles to. */
  readonly folder: string;
  /** How often each function is started. */
  readonly runs: number;
  readonly registry: Registry;
  readonly caller: KnownCaller;
  /** Of every function. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The first event of a function: a request to its endpoint, a schedule's event, or a batch of no stream records. */
export function firstEvent({ registry, caller }: Setting, name: string, run: number): object {
  const registered = registry.endpoints.find((endpoint) => endpoint.name === name);
  if (registered) return sampleRequest(registered.endpoint, caller, run);
  if (registry.consumers.some((consumer) => consumer.name === name)) return { Records: [] };
  return jobEvents[name]?.(run) ?? {};
}

/** What jobs are started with that need to be told something. */
const jobEvents: Readonly<Record<string, (run: number) => object>> = {
  'job-bootstrap': (run) => ({ email: `administrator-${run}@tenantry.example.com` }),
};
