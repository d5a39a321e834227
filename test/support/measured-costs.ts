import { randomUUID } from 'node:crypto';
import type { RequestCost } from '../../infra/cost/measured-units.ts';
import { type RegisteredEndpoint, readRegistry } from '../../infra/endpoint-registry.ts';
import { startObjectStore } from '../../infra/local/object-store.ts';
import { keepLists } from '../../shared/data/list-keeper.ts';
import { countedWeightOf, logShardsAtFirst } from '../../shared/domain/access-log/log-shards.ts';
import { type Endpoint, isPublic, organizationParameterOf, tableAccessOf } from '../../shared/http/define-endpoint.ts';
import { services } from './all-services.ts';
import { type CallRecorder, isWrite, type RecordedCall, recordCalls, roundTripsOf } from './call-recorder.ts';
import { type CostGround, costedRequests, openCostGround } from './costed-requests.ts';
import { openApi } from './in-process-api.ts';
import { startTable } from './table-under-test.ts';

/** What requests cost in organizations of some size. */
export interface CostMeasurement {
  /** Asks every endpoint of the registry once, in an organization of so many members. Costs by name, in its order. */
  measure(members: number): Promise<readonly (readonly [name: string, cost: RequestCost])[]>;
  close(): Promise<void>;
}

/** What the access log is written with. */
const logKinds = new Set(['accessEntry', 'activeOrganization', 'credentialUse', 'logPulse']);

const avatarBucket = 'avatars';

/** Starts an engine of its own, and the object store that one endpoint needs. */
export async function openCostMeasurement(): Promise<CostMeasurement> {
  const table = await startTable();
  const objects = await startObjectStore();
  await objects.serve({ buckets: [avatarBucket], accessKeys: ['test'] });
  Object.assign(process.env, { AWS_ENDPOINT_URL_S3: objects.endpoint, AVATAR_BUCKET: avatarBucket });
  const call = await openApi();
  const { endpoints } = await readRegistry();
  const recorder = recordCalls({ inRounds: true });
  const setBack = setClock(middleOfMonth(new Date()));
  return {
    async measure(members) {
      const ground = await openCostGround(call, members);
      const costs = new Map<string, RequestCost>();
      for (const name of Object.keys(costedRequests)) {
        const registered = endpoints.find((each) => each.name === name);
        if (!registered) throw new Error(`There is no endpoint ${name}.`);
        costs.set(name, await measureCost(ground, recorder, registered));
      }
      return endpoints.map(({ name, endpoint }) => [name, costs.get(name) ?? costOfNothing(name, endpoint)]);
    },
    async close() {
      setBack();
      recorder.stop();
      await objects.stop();
      await table.stop();
    },
  };
}

/** Just after midnight, logs are looked for in two days; after the turn of a month, in two months. */
function middleOfMonth(date: Date): number {
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 15, 12);
}

/** Has the clock of this process go on from a moment. Answers how to set it right again. */
function setClock(moment: number): () => void {
  const { now } = Date;
  const ahead = moment - now();
  Date.now = () => now() + ahead;
  return () => {
    Date.now = now;
  };
}

/** Of an endpoint that needs nothing of AWS. @throws for any other: it has to be asked */
function costOfNothing(name: string, endpoint: Endpoint): RequestCost {
  if (tableAccessOf(endpoint).actions.length > 0) throw new Error(`${name} has no request in costed-requests.ts.`);
  return { readUnits: 0, writeUnits: 0, trips: 0, calls: 0 };
}

async function measureCost(
  ground: CostGround,
  recorder: CallRecorder,
  { name, endpoint }: RegisteredEndpoint,
): Promise<RequestCost> {
  const { organization, call } = ground;
  const { named = {}, query = '', headers, body } = (await costedRequests[name]?.(ground)) ?? {};
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
    String(parameter === organizationParameterOf(endpoint) ? organization.id : named[parameter]),
  );
  const isAuthenticated = !isPublic(endpoint.permission);
  const credential = { ...(isAuthenticated ? credentialOf(endpoint, ground) : {}), ...headers };
  // What an instance tells of an organization and of a key once an hour is told before.
  if (isAuthenticated) await call({ method: 'GET', path: `/orgs/${organization.id}`, headers: credential });
  // As it is a second later: what was prepared is counted into the lists.
  await keepLists(services().table, organization.id, Date.now());
  recorder.calls.length = 0;
  const answer = await call({
    method: endpoint.method,
    path: `${path}${query}`,
    headers: credential,
    body,
    requestId: requestIdWithoutPulse(),
  });
  if (!(answer.status in endpoint.responses)) throw new Error(`${name} answered ${answer.status}: ${answer.text}`);
  return costOf(recorder.calls, isAuthenticated);
}

function costOf(calls: readonly RecordedCall[], isAuthenticated: boolean): RequestCost {
  const units = (written: boolean) =>
    calls.filter((each) => isWrite(each) === written).reduce((sum, each) => sum + each.units, 0);
  const authentication = calls.find(({ operation }) => isAuthenticated && operation === 'BatchGetItem');
  const authenticated = authentication?.end ?? 0;
  const forTheAnswer = calls.filter(
    ({ begin, itemKind }) => begin > authenticated && (itemKind === undefined || !logKinds.has(itemKind)),
  );
  return { readUnits: units(false), writeUnits: units(true), trips: roundTripsOf(forTheAnswer), calls: calls.length };
}

function credentialOf({ dialect, permission }: Endpoint, { session, key, administrator }: CostGround) {
  if (dialect.credentials === 'organization-credential') return key;
  return permission === 'platform-administrator' ? administrator : session;
}

/** One request in some also counts those of its second, which none of these does. */
function requestIdWithoutPulse(): string {
  for (;;) {
    const id = randomUUID();
    if (countedWeightOf(id, logShardsAtFirst) === 0) return id;
  }
}
