import type { ErrorCode } from './operations.ts';

/** One invalid field: a path such as `events.0.quantity`, and what is wrong with it, for a person. */
export interface InvalidField {
  readonly field: string;
  readonly message: string;
}

/**
 * A refusal of the API in one shape, whichever dialect worded it. `unreachable`: no answer came; `timed_out`: none in
 * time; `unknown`: something answered that is not the API.
 */
export class ApiError extends Error {
  readonly code: ErrorCode | 'unreachable' | 'timed_out' | 'unknown';
  /** 0 where no answer came. */
  readonly status: number;
  readonly fields: readonly InvalidField[];
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    details: Pick<ApiError, 'code' | 'status'> &
      Partial<Pick<ApiError, 'fields' | 'requestId' | 'retryAfterSeconds' | 'cause'>>,
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ApiError';
    this.code = details.code;
    this.status = details.status;
    this.fields = details.fields ?? [];
    this.requestId = details.requestId;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** The refusal that an answer is. */
export function apiErrorOf(response: Response, body: unknown): ApiError {
  const said: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  // In `hierarchy` the word is `error`, and `code` the number of the status.
  const code = [said.code, said.error].find((word) => typeof word === 'string');
  const requestId = response.headers.get('x-request-id') ?? said.request_id;
  const retryAfterSeconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(String(said.message ?? said.title ?? `The answer was ${response.status}.`), {
    code: code === undefined ? 'unknown' : (code as ErrorCode),
    status: response.status,
    fields: invalidFields(said.errors ?? said.fields),
    requestId: typeof requestId === 'string' ? requestId : undefined,
    retryAfterSeconds: Number.isNaN(retryAfterSeconds) ? undefined : retryAfterSeconds,
  });
}

/** `[{field, message}]`, `{field: message}` or `{field: [message, …]}`. */
function invalidFields(errors: unknown): readonly InvalidField[] {
  if (Array.isArray(errors)) return errors;
  if (typeof errors !== 'object' || errors === null) return [];
  return Object.entries(errors).flatMap(([field, said]) =>
    [said].flat().map((message) => ({ field, message: String(message) })),
  );
}
