import type { MemberOrder } from '../../shared/domain/member/member-list-store.ts';
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
}

/** A page of an organization's users. */
export interface WantedPage {
  readonly organizationId: number;
  readonly order: MemberOrder;
  readonly descending: boolean;
  readonly number: number;
  readonly size: number;
}

/** How a client asks for a page of users. */
export function pageRequest(headers: Readonly<Record<string, string>>, page: WantedPage): ApiRequest {
  const query = new URLSearchParams({
    page_number: String(page.number),
    page_size: String(page.size),
    sort_by: sortOf[page.order],
    sort_ascending: String(!page.descending),
  });
  return { method: 'GET', path: `/organizations/${page.organizationId}/users?${query}`, headers };
}

/** Asks for a page of users as a client would, and counts what goes to the table for it. */
export async function measurePage(
  call: (request: ApiRequest) => Promise<ApiAnswer>,
  { calls }: CallRecorder,
  headers: Readonly<Record<string, string>>,
  page: WantedPage,
): Promise<MeasuredPage> {
  calls.length = 0;
  const answer = await call(pageRequest(headers, page));
  const queries = calls.filter(({ operation }) => operation === 'Query');
  const authentication = calls.find(({ operation }) => operation === 'BatchGetItem');
  if (!authentication) throw new Error('Nobody was authenticated.');
  // What began before that was answered ran beside it.
  const behind = queries.filter(({ begin: began }) => began >= authentication.end);
  return { answer, roundTrips: roundTripsOf(behind), readUnits: queries.reduce((sum, { units }) => sum + units, 0) };
}
