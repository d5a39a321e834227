import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ReplicatedWriteConflictException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import sdk from '@aws-sdk/client-dynamodb/package.json' with { type: 'json' };
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { ResponseMetadata, RetryErrorType, SdkError } from '@smithy/types';
import { regionalEndpoint } from './regional-endpoint.ts';

/** A command of the SDK: an operation of DynamoDB, and what it is asked. */
export interface Command {
  /** As DynamoDB calls it: `PutItem`. */
  readonly operation: string;
  readonly input: object;
}

/** What `DynamoDBClient` may be made with in a bundle; region, endpoint and credentials are the environment's. */
export interface DynamoDBClientConfig {
  readonly region?: string;
  readonly maxAttempts?: number;
  readonly requestHandler?: Parameters<typeof NodeHttpHandler.create>[0];
}

const baseDelayMilliseconds = 25;
const maxAttemptsDefault = 4;
/** How far a clock may be off before a refusal is put down to it. */
const clockSkewMilliseconds = 240_000;

/**
 * Stands in for the `DynamoDBClient` of the SDK in bundles: the SDK's own signer, retry strategy and HTTP handler, in
 * one straight line for the one service, instead of a middleware stack that every call composes anew, schemas of every
 * member, and settings that could come from anywhere.
 */
export class DynamoDBClient {
  readonly config = { endpointProvider: regionalEndpoint('dynamodb') };
  private readonly maxAttempts: number;
  private readonly url: URL;
  private readonly handler: ReturnType<typeof NodeHttpHandler.create>;
  private readonly retries: StandardRetryStrategy;
  private readonly signer: SignatureV4;
  /** Of the service's clock before ours. */
  private clockOffsetMilliseconds = 0;

  constructor({ region, maxAttempts, requestHandler, ...others }: DynamoDBClientConfig = {}) {
    const { env } = process;
    const [unknown] = Object.keys(others);
    if (unknown) throw new Error(`"${unknown}" of DynamoDBClient is not in this bundle.`);
    if (env.AWS_RETRY_MODE && env.AWS_RETRY_MODE !== 'standard') {
      throw new Error(`The retry mode "${env.AWS_RETRY_MODE}" is not in this bundle: use "standard".`);
    }
    const signingRegion = region ?? env.AWS_REGION ?? '';
    this.maxAttempts = maxAttempts ?? Number(env.AWS_MAX_ATTEMPTS || maxAttemptsDefault);
    this.url = this.config.endpointProvider({
      Region: signingRegion,
      Endpoint: env.AWS_ENDPOINT_URL_DYNAMODB || env.AWS_ENDPOINT_URL,
      UseFIPS: env.AWS_USE_FIPS_ENDPOINT === 'true',
      UseDualStack: env.AWS_USE_DUALSTACK_ENDPOINT === 'true',
    }).url;
    this.handler = NodeHttpHandler.create(requestHandler);
    this.retries = new StandardRetryStrategy({ maxAttempts: this.maxAttempts, baseDelay: baseDelayMilliseconds });
    this.signer = new SignatureV4({
      service: 'dynamodb',
      region: signingRegion,
      credentials: credentialsOfEnvironment(),
      sha256: Sha256,
    });
  }

  /** The answer to a command. @throws DynamoDBServiceException for a refusal, and what the network threw, when tries are used up */
  async send({ operation, input }: Command): Promise<object> {
    const request = this.requestOf(operation, input);
    let token = await this.retries.acquireInitialRetryToken('');
    for (let attempt = 1; ; attempt += 1) {
      request.headers['amz-sdk-request'] = `attempt=${attempt}; max=${this.maxAttempts}`;
      try {
        const output = await this.attempt(request);
        this.retries.recordSuccess(token);
        return output;
      } catch (error) {
        token = await this.retries
          .refreshRetryTokenForRetry(token, { errorType: retryErrorTypeOf(error as SdkError) })
          .catch(() => {
            throw error;
          });
      }
    }
  }

  private requestOf(operation: string, input: object): HttpRequest {
    const { protocol, hostname, port, pathname } = this.url;
    // The same token in each try makes a transaction happen once.
    const asked = operation === 'TransactWriteItems' ? { ClientRequestToken: randomUUID(), ...input } : input;
    const body = JSON.stringify(asked);
    const { AWS_LAMBDA_FUNCTION_NAME, _X_AMZN_TRACE_ID } = process.env;
    return new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port && { port: Number(port) }),
      path: pathname,
      headers: {
        host: this.url.host,
        'content-type': 'application/x-amz-json-1.0',
        'content-length': String(Buffer.byteLength(body)),
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'user-agent': userAgent,
        'amz-sdk-invocation-id': randomUUID(),
        ...(AWS_LAMBDA_FUNCTION_NAME && _X_AMZN_TRACE_ID && { 'X-Amzn-Trace-Id': _X_AMZN_TRACE_ID }),
      },
      body,
    });
  }

  private async attempt(request: HttpRequest): Promise<object> {
    const offset = this.clockOffsetMilliseconds;
    const signed = await this.signer.sign(request, { signingDate: new Date(Date.now() + offset) });
    const { response } = await this.handler.handle(signed as HttpRequest);
    const text = await textOf(response.body);
    const { statusCode, headers } = response;
    const $metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] ?? '' };
    const newOffset = Date.parse(headers.date ?? '') - Date.now();
    if (!Number.isNaN(newOffset)) this.clockOffsetMilliseconds = newOffset;
    if (statusCode < 300) return { ...JSON.parse(text || '{}'), $metadata };
    const clockWasOff = Math.abs(newOffset - offset) >= clockSkewMilliseconds;
    throw errorOf(text, response, { ...$metadata, ...(clockWasOff && { clockSkewCorrected: true }) });
  }
}

/** Those that Lambda sets, for as long as the instance lives. @throws CredentialsProviderError where there are none */
function credentialsOfEnvironment() {
  let found: ReturnType<ReturnType<typeof fromEnv>> | undefined;
  return () => (found ??= fromEnv()());
}

function textOf(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks).toString()));
    stream.on('error', reject);
  });
}

/** The refusal that an answer tells, with what it says beside its message: `Item`, `CancellationReasons`. */
function errorOf(text: string, { statusCode, headers }: HttpResponse, $metadata: ResponseMetadata): Error {
  const { __type, message, Message, ...said } = parsed(text);
  // `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException`, and something after a colon in other answers.
  const name = String(__type ?? headers['x-amzn-errortype'] ?? 'Unknown')
    .replace(/[,:].*$/, '')
    .replace(/^.*#/, '');
  const options = {
    name,
    message: String(message ?? Message ?? 'UnknownError'),
    $fault: statusCode < 500 ? 'client' : 'server',
    $metadata,
  } as const;
  // Those that are told from others by their class, or that say by it that they may be tried again.
  const recognized = {
    ConditionalCheckFailedException,
    ReplicatedWriteConflictException,
    TransactionCanceledException,
  };
  const error = Object.hasOwn(recognized, name)
    ? new recognized[name as keyof typeof recognized](options)
    : new DynamoDBServiceException(options);
  return Object.assign(error, said);
}

/** What stands between the service and us may answer with something else than JSON. */
function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function retryErrorTypeOf(error: SdkError): RetryErrorType {
  if (isThrottlingError(error)) return 'THROTTLING';
  return isTransientError(error) ? 'TRANSIENT' : 'CLIENT_ERROR';
}

const userAgent = `aws-sdk-js/${sdk.version} lang/js md/nodejs#${process.versions.node} api/dynamodb#${sdk.version}`;
