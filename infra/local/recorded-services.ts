import { accessKeyOfRequest, type CallRecorder, tablesOfRequest } from './call-recorder.ts';
import { openServiceProxy, type ProxiedRequest, type ServiceProxy } from './service-proxy.ts';

/**
 * Stands before DynamoDB and notes each call with what it cost: it asks for the consumed capacity by index where the
 * function did not, and takes it out of the answer again.
 */
export function recordDynamoDB(target: string, recorder: CallRecorder): Promise<ServiceProxy> {
  return openServiceProxy(target, {
    request(request) {
      const asked = readRequest(request);
      return asked === undefined
        ? request.body
        : Buffer.from(JSON.stringify({ ...asked, ReturnConsumedCapacity: 'INDEXES' }));
    },
    response(request, { status, body }, milliseconds) {
      const target = String(request.headers['x-amz-target']);
      if (!target.startsWith('DynamoDB_')) return undefined;
      const asked: unknown = JSON.parse(request.body.toString());
      const { ConsumedCapacity, ...answer } = JSON.parse(body.toString());
      recorder.record({
        accessKey: accessKeyOfRequest(request.headers.authorization),
        service: 'dynamodb',
        action: `dynamodb:${target.split('.')[1]}`,
        resources: tablesOfRequest(asked),
        request: asked,
        status,
        ...(ConsumedCapacity === undefined ? {} : { consumedCapacity: ConsumedCapacity }),
        milliseconds,
      });
      return wantsCapacity(asked) ? body : Buffer.from(JSON.stringify(answer));
    },
  });
}

/** The operations that tell what they cost. */
const charged =
  /\.(GetItem|PutItem|UpdateItem|DeleteItem|Query|Scan|BatchGetItem|BatchWriteItem|TransactGetItems|TransactWriteItems)$/;

function readRequest({ headers, body }: ProxiedRequest): object | undefined {
  return charged.test(String(headers['x-amz-target'])) ? JSON.parse(body.toString()) : undefined;
}

function wantsCapacity(asked: unknown): boolean {
  return ['TOTAL', 'INDEXES'].includes(String((asked as { ReturnConsumedCapacity?: string }).ReturnConsumedCapacity));
}

/** Stands before S3 and notes each call. */
export function recordS3(target: string, recorder: CallRecorder): Promise<ServiceProxy> {
  return openServiceProxy(target, {
    response(request, { status }, milliseconds) {
      const [path = '', query = ''] = request.path.split('?');
      const [bucket = '', ...key] = path.slice(1).split('/').map(decodeURIComponent);
      const ofObject = key.join('/') !== '';
      recorder.record({
        accessKey: accessKeyOfRequest(request.headers.authorization ?? new URLSearchParams(query).toString()),
        service: 's3',
        action: `s3:${s3Action(request.method, ofObject)}`,
        resources: [`arn:aws:s3:::${bucket}${ofObject ? `/${key.join('/')}` : ''}`],
        request: undefined,
        status,
        milliseconds,
      });
      return undefined;
    },
  });
}

/** The permission that a request needs; reading only the head of an object needs the one for reading it. */
function s3Action(method: string, ofObject: boolean): string {
  if (!ofObject) return method === 'POST' ? 'DeleteObject' : 'ListBucket';
  return { PUT: 'PutObject', DELETE: 'DeleteObject' }[method] ?? 'GetObject';
}
