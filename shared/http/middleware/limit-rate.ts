import type { MiddlewareObj } from '@middy/core';
import type { RateStanding } from '../../domain/access/rate-limits.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineServices } from '../pipeline-services.ts';

/** Counts the request for its credential, and refuses it where the credential calls too often. */
export function limitRate({ stores, rateLimits }: PipelineServices): MiddlewareObj {
  return {
    before: (request) => {
      const exchange = request.event as Exchange;
      const { caller, found, now } = exchange;
      if (!caller || !found) return;
      const standing = rateLimits.take(caller, found.countedRequests, now);
      if (!standing) return;
      exchange.rate = standing;
      if (standing.unsettled) {
        // Beside the work. What cannot be told now is not told at all: nobody is refused an answer for a count.
        const told = stores.authentication.countRequests(caller, standing.unsettled, found.countedRequests);
        exchange.settling = told.catch(() => undefined);
      }
      if (!standing.isExceeded) return;
      if (found.organization) exchange.organization = found.organization;
      throw new DomainError('rate_limited', { retryAfterSeconds: standing.secondsLeft });
    },
  };
}

const policies = { session: 'session', credential: 'api-key' } as const;

/**
 * What a caller is told of its limit.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/
 */
export function rateHeaders(standing: RateStanding | undefined): Record<string, string> {
  if (!standing) return {};
  const { of, limit, remaining, secondsLeft } = standing;
  return {
    'ratelimit-policy': `"${policies[of]}";q=${limit};w=60`,
    ratelimit: `"${policies[of]}";r=${remaining};t=${secondsLeft}`,
  };
}
