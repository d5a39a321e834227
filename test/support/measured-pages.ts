import type { MemberOrder } from '../../shared/domain/stores.ts';
import { type CallRecorder, roundTripsOf } from './call-recorder.ts';
import type { ApiAnswer, ApiRequest } from './in-process-api.ts';

const sortOf = { joining: 'created_on', name: 'name', email: 'email', role: 'role' } as const satisfies Record<
  MemberOrder,
  string
>;

/** What a page of an organization's users took. */
export interface MeasuredPage {
  readonly answer: ApiAnswer;
  /** One after the other, behind the read that authenticates. What runs beside that is none of them. */
  readonly roundTrips: number;
  /** Of everything that was read for the list, whatever ran beside authentication too. */
  readonly readUnits: number;
  readonly milliseconds: number;
}

/** Asks for a page of users as a client would, and counts what goes to the table for it. */
export async function measurePage(
  call: (request: ApiRequest) => Promise<ApiAnswer>,
  { calls }: CallRecorder,
  headers: Readonly<Record<string, string>>,
  page: {
    readonly organizationId: number;
    readonly order: MemberOrder;
    readonly descending: boolean;
    readonly number: number;
    readonly size: number;
  },
): Promise<MeasuredPage> {
  const query = new URLSearchParams({
    page_number: String(page.number),
    page_size: String(page.size),
    sort_by: sortOf[page.order],
    sort_ascending: String(!page.descending),
  });
  calls.length = 0;
  const begin = performance.now();
  const answer = await call({ method: 'GET', path: `/organizations/${page.organizationId}/users?${query}`, headers });
  const milliseconds = performance.now() - begin;
  const queries = calls.filter(({ operation }) => operation === 'Query');
  const authentication = calls.find(({ operation }) => operation === 'BatchGetItem');
  if (!authentication) throw new Error('Nobody was authenticated.');
  // What began before that was answered ran beside it.
  const behind = queries.filter(({ begin: began }) => began >= authentication.end);
  return {
    answer,
    roundTrips: roundTripsOf(behind),
    readUnits: queries.reduce((sum, { units }) => sum + units, 0),
    milliseconds,
  };
}
