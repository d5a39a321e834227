import { afterAll, beforeEach } from 'vitest';
import { type FaultyEngine, openFaultyEngine } from './faulty-engine.ts';
import { type ApiAnswer, type ApiRequest, openApi } from './in-process-api.ts';
import { startTable, type TableUnderTest } from './table-under-test.ts';

/** The API in this process over a table of its own, for all tests of a file. */
interface ApiUnderTest {
  readonly table: TableUnderTest;
  readonly call: (request: ApiRequest) => Promise<ApiAnswer>;
}

/** Starts it; it ends with the file. */
export async function apiUnderTest(of: { readonly withStream?: boolean } = {}): Promise<ApiUnderTest> {
  const table = await startTable(of);
  afterAll(() => table.stop());
  return { table, call: await openApi() };
}

/** The same over a faulty engine, which answers every call as long as a test does not say otherwise. */
export async function faultyApiUnderTest(
  of: { readonly withStream?: boolean } = {},
): Promise<ApiUnderTest & { readonly engine: FaultyEngine }> {
  const table = await startTable(of);
  afterAll(() => table.stop());
  const engine = await openFaultyEngine(table.engine.url);
  afterAll(() => engine.stop());
  beforeEach(() => {
    engine.decide = () => undefined;
  });
  return { table, engine, call: await openApi() };
}
