import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { metricNamespace } from '../../shared/http/measurement.ts';
import { openApi } from '../support/in-process-api.ts';
import { anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { startTable } from '../support/table-under-test.ts';

let stop: () => Promise<void>;
beforeAll(async () => {
  const table = await startTable();
  stop = () => table.stop();
});
afterAll(() => stop());

/** What the function wrote to its log by itself, line by line, while it answered. */
async function linesOf(request: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  let written = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += chunk;
    return true;
  });
  await request().finally(() => write.mockRestore());
  return written
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

test('a request leaves one line, from which CloudWatch takes the metrics that it names', async () => {
  const call = await openApi();
  const body = { email: 'nobody@tenantry.example.com', password: 'Never-mind-1843' };
  const [line, ...others] = await linesOf(() => call({ method: 'POST', path: '/auth/login', body }));
  expect(others).toEqual([]);
  expect(line).toMatchObject({
    level: 'INFO',
    operation: 'session.login',
    dialect: 'auth',
    status: 401,
    code: 'unauthorized',
    ServerErrors: 0,
  });
  expect(line?.requestId).toEqual(expect.any(String));
  const { CloudWatchMetrics, Timestamp } = (line?._aws ?? {}) as { CloudWatchMetrics: unknown; Timestamp: number };
  expect(Math.abs(Date.now() - Timestamp)).toBeLessThan(60_000);
  expect(CloudWatchMetrics).toEqual([
    {
      Namespace: metricNamespace('local'),
      Dimensions: [['dialect']],
      Metrics: [
        { Name: 'Duration', Unit: 'Milliseconds' },
        { Name: 'ServerErrors', Unit: 'Count' },
      ],
    },
  ]);
  expect(line?.Duration).toEqual(expect.any(Number));
  expect(JSON.stringify(line)).not.toContain('nobody@');
});

test('the line of a request to an organization names it by its number, and the person not at all', async () => {
  const call = await openApi();
  const owner = await somebody();
  const organization = await anOrganization(owner, { name: 'Confidential Works' });
  const headers = await signedIn(owner);
  const [line] = await linesOf(() => call({ method: 'GET', path: `/orgs/${organization.id}`, headers }));
  expect(line).toMatchObject({ operation: 'organization.read', organizationId: organization.id, status: 200 });
  for (const personal of [owner.email, owner.lastName ?? '', 'Confidential', headers.authorization.slice(7)])
    expect(JSON.stringify(line)).not.toContain(personal);
});
