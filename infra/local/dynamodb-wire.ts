/**
 * What an engine refuses, as it says it.
 */
export class DynamoDBRefusal extends Error {
  override readonly name = 'DynamoDBRefusal';
  /** The service's name of the error, as `ResourceNotFoundException`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

const servicePrefixes = { table: 'DynamoDB_20120810', stream: 'DynamoDBStreams_20120810' } as const;

/**
 * One call of DynamoDB's JSON protocol against an engine that does not verify signatures. Attribute values stay as the
 * service writes them, which is also how Lambda hands stream records to a function.
 * @throws DynamoDBRefusal when the engine answers with an error.
 */
export async function callDynamoDB<Answer>(
  url: string,
  service: keyof typeof servicePrefixes,
  action: string,
  request: object,
  timeoutMilliseconds = 10_000,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${servicePrefixes[service]}.${action}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=LOCALSTACK/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  const answer = await response.json();
  if (response.ok) return answer as Answer;
  const { __type = '', message, Message } = answer as { __type?: string; message?: string; Message?: string };
  throw new DynamoDBRefusal(__type.split('#').at(-1) ?? '', message ?? Message ?? '');
}
