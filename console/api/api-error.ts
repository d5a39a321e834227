/** What the API refused, or that it could not be reached; the same whichever dialect the answer is in. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Of the closed list of codes, as `last_owner`; `unreachable` where there was no answer. */
  readonly code: string;
  /** Names the request to support, where there was an answer. */
  readonly requestId: string | undefined;
  /** What is wrong with each field that is wrong, by its name in the request. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(refusal: Pick<ApiError, 'status' | 'code' | 'message' | 'requestId' | 'fields' | 'retryAfterSeconds'>) {
    super(refusal.message);
    this.status = refusal.status;
    this.code = refusal.code;
    this.requestId = refusal.requestId;
    this.fields = refusal.fields;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
  }
}

/** Reads a refusal in the form of any dialect. */
export function readRefusal(status: number, headers: Headers, body: unknown): ApiError {
  const told = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const word = [told.code, told.error].find((value) => typeof value === 'string');
  const sentence = [told.message, told.title].find((value) => typeof value === 'string');
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  return new ApiError({
    status,
    code: word ?? `http_${status}`,
    message: sentence ?? `The service answered with status ${status}.`,
    requestId: headers.get('x-request-id') ?? undefined,
    fields: { ...readFields(told.errors), ...readFields(told.fields) },
    retryAfterSeconds: Number.isNaN(retryAfter) ? undefined : retryAfter,
  });
}

/** A list of `{field, message}`, or sentences by field: one, or several in a list. */
function readFields(errors: unknown): Record<string, string> {
  if (typeof errors !== 'object' || errors === null) return {};
  if (Array.isArray(errors)) return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
  return Object.fromEntries(
    Object.entries(errors).map(([field, said]) => [field, Array.isArray(said) ? said.join(' ') : String(said)]),
  );
}
