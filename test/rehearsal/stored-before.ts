import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { send } from '../support/http-client.ts';
import { makeMember, makeOrganization, makeServiceAccount, signInAdministrator } from '../support/stack-people.ts';
import { stackUnderTest } from '../support/stack-under-test.ts';
import { projectFolder } from './deployment.ts';

/** What callers of a deployment see of an organization: with a session, and with a key. */
export interface Sight {
  readonly statuses: readonly number[];
  readonly bodies: readonly unknown[];
}

/** Makes an organization with an owner and a key, and answers how to look at it. `TENANTRY_RUN_FILE` says where. */
export async function storeSomething(): Promise<() => Promise<Sight>> {
  const stack = await stackUnderTest();
  const administrator = await signInAdministrator(stack);
  const organization = await makeOrganization(stack, administrator, 'From before');
  const owner = await makeMember(stack, organization, administrator, [1]);
  const key = await makeServiceAccount(stack, organization, owner.headers);
  const look = async () => {
    const answers = await Promise.all([
      send('GET', `${stack.url}/api/organizations/${organization}`, { headers: owner.headers }),
      send('GET', `${stack.url}/api/organizations/${organization}/members`, { headers: owner.headers }),
      send('GET', `${stack.url}/clients/v1/organization-admin/members/list`, { headers: key }),
    ]);
    const bodies = answers.map(({ body }) => ({ ...body, request_id: '', requestId: '' }));
    return { statuses: answers.map(({ status }) => status), bodies };
  };
  assert.deepEqual((await look()).statuses, [200, 200, 200]);
  return look;
}

/** Kinds that the stage itself changes from minute to minute, and that any request may add to. */
const passing =
  /^(attempts|accessEntry|activeOrganization|rollupProgress|consumption\w+|logPulse|credentialUse|activeMember)$/;

/** Everything in a table that lasts, by its key. */
export async function lastingItems(TableName: string): Promise<ReadonlyMap<string, Record<string, AttributeValue>>> {
  const items = new Map<string, Record<string, AttributeValue>>();
  const client = new DynamoDBClient();
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    for (const item of Items)
      if (!passing.test(item.kind?.S ?? '')) items.set(`${item.pk?.S} ${item.sk?.S}`, sorted(item));
  return items;
}

const sorted = <Value>(item: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)));

/** Whether `npm run smoke` finds the deployment well. */
export async function isWell(url: string, patienceSeconds = 60): Promise<boolean> {
  const args = ['infra/smoke-test.ts', '--url', url, '--patience', String(patienceSeconds)];
  const outcome = await promisify(execFile)('node', args, { cwd: projectFolder }).then(
    ({ stdout }) => ({ well: true, stdout }),
    (error: { stdout: string }) => ({ well: false, stdout: error.stdout }),
  );
  console.log(outcome.stdout.trimEnd());
  return outcome.well;
}
