import { afterAll, beforeEach } from 'vitest';
import { type FaultyEngine, openFaultyEngine } from './faulty-engine.ts';
import { type ApiAnswer, type ApiRequest, openApi } from './in-process-api.ts';
import { type MailInbox, openMailInbox } from './mail-inbox.ts';
import { openTableStream, type TableStream } from './table-stream.ts';
import { startTable, type TableUnderTest } from './table-under-test.ts';

/**
 * What the tests of a file stand on, opened for all of them where the file begins, and closed by itself behind the last:
 * a table of their own, with a faulty engine before it and the API of this process behind it where they are wanted.
 */
interface Options {
  readonly withStream?: boolean;
}

/** Calls the API as a client would. */
type Call = (request: ApiRequest) => Promise<ApiAnswer>;

export async function tableUnderTest(of: Options = {}): Promise<TableUnderTest> {
  const table = await startTable(of);
  afterAll(() => table.stop());
  return table;
}

/** The engine answers every call as long as a test does not say otherwise. */
export async function faultyTableUnderTest(
  of: Options = {},
): Promise<{ readonly table: TableUnderTest; readonly engine: FaultyEngine }> {
  const table = await tableUnderTest(of);
  const engine = await openFaultyEngine(table.engine.url);
  afterAll(() => engine.stop());
  beforeEach(() => {
    engine.decide = () => undefined;
  });
  return { table, engine };
}

export async function apiUnderTest(of: Options = {}): Promise<{ readonly table: TableUnderTest; readonly call: Call }> {
  return { table: await tableUnderTest(of), call: await openApi() };
}

export async function faultyApiUnderTest(
  of: Options = {},
): Promise<{ readonly table: TableUnderTest; readonly engine: FaultyEngine; readonly call: Call }> {
  return { ...(await faultyTableUnderTest(of)), call: await openApi() };
}

/** The inbox of these tests, whose line works as each begins, and the stream of what each writes, by which mails are sent. */
export async function mailsUnderTest(
  table: TableUnderTest,
): Promise<{ readonly inbox: MailInbox; readonly stream: TableStream }> {
  const inbox = await openMailInbox();
  afterAll(() => inbox.stop());
  let opened: TableStream;
  beforeEach(async () => {
    inbox.line = 'works';
    inbox.isCut = () => false;
    opened = await openTableStream(table);
  });
  return { inbox, stream: { next: (of) => opened.next(of), deliver: (to) => opened.deliver(to) } };
}
