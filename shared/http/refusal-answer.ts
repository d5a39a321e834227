import type { Dialect, RefusalContext } from '../dialects/dialect.ts';
import type { DomainError } from '../domain/errors.ts';
import type { HttpAnswer } from './exchange.ts';

/** A refusal as an answer, which leads to the page that explains it. `consoleUrl` is without a slash at the end. */
export function refusalAnswer(
  dialect: Dialect,
  context: RefusalContext,
  consoleUrl: string,
  refusal: DomainError,
): HttpAnswer {
  const { status, contentType, body } = dialect.renderRefusal(refusal, context);
  return {
    statusCode: status,
    headers: {
      'content-type': contentType,
      link: `<${consoleUrl}/docs/errors/${refusal.code}>; rel="help"`,
      ...(refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) }),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(body),
  };
}
