import { minuteMilliseconds, secondMilliseconds, type Timestamp } from '../timestamp.ts';
import type { Caller } from './caller.ts';

/**
 * How often a credential may call. Nobody counts every request where all see it: an instance counts those that it gets
 * itself, and adds them up in the table once in so many. What the table counts comes with the read that authenticates.
 */

/** One request in so many tells the table of those before it. */
const requestsPerSettlement = 20;

/** What the table counts of a credential: its requests in one minute of the clock, as far as instances told. */
export interface CountedRequests {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly requests: number;
}

/** Most requests of a credential in a minute of the clock; undefined where there is no limit. */
export interface RequestLimits {
  readonly session: number | undefined;
  readonly credential: number | undefined;
}

/** Where a credential stands once a request was counted, or was refused. */
export interface RateStanding {
  readonly of: Caller['kind'];
  readonly limit: number;
  readonly remaining: number;
  /** Until the count begins anew; whole seconds, at least one. */
  readonly secondsLeft: number;
  readonly isExceeded: boolean;
  /** What the table is to be told of, when it is time to. */
  readonly unsettled: CountedRequests | undefined;
}

/** The requests that one instance counts. */
export interface RateLimits {
  /**
   * Counts a request, unless the limit is reached.
   * @param counted what the table said just now
   */
  take(caller: Caller, counted: CountedRequests | undefined, now: Timestamp): RateStanding | undefined;
}

interface OwnCount {
  requests: number;
  settleAt: number;
}

/**
 * Counts for one instance. A credential is never refused before its limit. It gets past it by those requests at most
 * that other instances have not told of: 19 for each instance that served it in that minute.
 *
 * @param random from 0 to below 1. The first settlement in a minute comes after 1 to 20 requests, so that a credential
 *   that is spread over many instances is seen as well, and still causes one write in 20 requests.
 */
export function rateLimits(limits: RequestLimits, random: () => number): RateLimits {
  let present = 0;
  const own = new Map<string, OwnCount>();

  function countOf(name: string, minute: number): OwnCount {
    if (minute !== present) own.clear();
    present = minute;
    const found = own.get(name) ?? { requests: 0, settleAt: 1 + Math.floor(random() * requestsPerSettlement) };
    own.set(name, found);
    return found;
  }

  return {
    take(caller, counted, now) {
      const limit = limits[caller.kind];
      if (limit === undefined) return undefined;
      const minute = Math.floor(now / minuteMilliseconds);
      const secondsLeft = Math.ceil(((minute + 1) * minuteMilliseconds - now) / secondMilliseconds);
      const of = caller.kind;
      const mine = countOf(nameOf(caller), minute);
      const settled = counted?.minute === minute ? counted.requests : 0;
      const left = limit - settled - mine.requests;
      if (left <= 0) return { of, limit, remaining: 0, secondsLeft, isExceeded: true, unsettled: undefined };
      mine.requests += 1;
      const isDue = mine.requests >= mine.settleAt;
      const unsettled = isDue ? { minute, requests: mine.requests } : undefined;
      if (isDue) Object.assign(mine, { requests: 0, settleAt: requestsPerSettlement });
      return { of, limit, remaining: left - 1, secondsLeft, isExceeded: false, unsettled };
    },
  };
}

function nameOf(caller: Caller): string {
  return caller.kind === 'session' ? `session ${caller.session.id}` : `credential ${caller.credential.id}`;
}
