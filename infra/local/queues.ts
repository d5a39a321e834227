import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueDefinition } from './application.ts';
import { accessKeyOfRequest, type CallRecorder } from './call-recorder.ts';
import { type KeptFile, keptFile } from './kept-file.ts';
import { arnOf } from './resource-kinds.ts';

/** A message that waits in a queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  /** ISO 8601. */
  readonly sentAt: string;
  readonly timesReceived: number;
}

/** The queues of an application, with as much of SQS's protocol as dead letters need. */
export interface Queues {
  /** Where functions find them. */
  readonly endpoint: string;
  serve(definitions: readonly QueueDefinition[]): void;
  /** Puts a message into a queue. It is kept when this returns. */
  send(queueArn: string, body: string): void;
  /** What waits in each queue, by name. */
  list(): Readonly<Record<string, readonly QueuedMessage[]>>;
  stop(): Promise<void>;
}

interface Queue {
  readonly definition: QueueDefinition;
  readonly messages: KeptFile<QueuedMessage[]>;
  /** When a message that was received shows again, in milliseconds; after a restart at once. */
  readonly hiddenUntil: Map<string, number>;
}

/** What SQS answers with an error. */
class QueueRefusal extends Error {
  override readonly name = 'QueueRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Request {
  readonly QueueUrl?: string;
  readonly QueueName?: string;
  readonly MessageBody?: string;
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
  readonly ReceiptHandle?: string;
  readonly Entries?: readonly (Request & { readonly Id: string })[];
}

/** Opens the queues. @param dataFolder where messages are kept; without one they are gone at the end */
export async function openQueues(dataFolder?: string, recorder?: CallRecorder): Promise<Queues> {
  let queues = new Map<string, Queue>();

  const server = createServer({ keepAliveTimeout: 65_000 }, async (incoming, outgoing) => {
    const begun = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const action = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    let status = 200;
    let request: Request = {};
    let answer: object;
    try {
      request = JSON.parse(Buffer.concat(chunks).toString() || '{}');
      answer = await carryOut(action, request);
    } catch (error) {
      status = 400;
      const code = error instanceof QueueRefusal ? error.code : 'InvalidParameterValue';
      answer = { __type: `com.amazonaws.sqs#${code}`, message: (error as Error).message };
    }
    recorder?.record({
      accessKey: accessKeyOfRequest(incoming.headers.authorization),
      service: 'sqs',
      action: `sqs:${action.replace(/Batch$/, '')}`,
      resources: [arnOf('sqs', request.QueueUrl?.split('/').at(-1) ?? request.QueueName ?? '*')],
      request,
      status,
      milliseconds: performance.now() - begun,
    });
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    outgoing.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;

  function find(request: Request): Queue {
    const queue = queues.get(request.QueueUrl?.split('/').at(-1) ?? request.QueueName ?? '');
    if (queue === undefined) throw new QueueRefusal('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  async function carryOut(action: string, request: Request): Promise<object> {
    switch (action) {
      case 'ListQueues':
        return { QueueUrls: [...queues.keys()].map((name) => `${endpoint}/${name}`) };
      case 'GetQueueUrl':
        return { QueueUrl: `${endpoint}/${find(request).definition.name}` };
      case 'GetQueueAttributes': {
        const { definition, messages } = find(request);
        return {
          Attributes: { QueueArn: definition.arn, ApproximateNumberOfMessages: String(messages.read().length) },
        };
      }
      case 'SendMessage':
        return put(find(request), request.MessageBody ?? '');
      case 'SendMessageBatch': {
        const queue = find(request);
        return {
          Successful: (request.Entries ?? []).map(({ Id, MessageBody }) => ({ Id, ...put(queue, MessageBody ?? '') })),
          Failed: [],
        };
      }
      case 'ReceiveMessage':
        return { Messages: await receive(find(request), request) };
      case 'DeleteMessage':
        remove(find(request), [request.ReceiptHandle]);
        return {};
      case 'DeleteMessageBatch':
        remove(
          find(request),
          (request.Entries ?? []).map(({ ReceiptHandle }) => ReceiptHandle),
        );
        return { Successful: (request.Entries ?? []).map(({ Id }) => ({ Id })), Failed: [] };
      case 'ChangeMessageVisibility':
        find(request).hiddenUntil.set(
          request.ReceiptHandle ?? '',
          Date.now() + (request.VisibilityTimeout ?? 0) * 1000,
        );
        return {};
      case 'PurgeQueue':
        find(request).messages.write([]);
        return {};
      default:
        throw new QueueRefusal('InvalidAction', `The local queues do not know ${action}.`);
    }
  }

  return {
    endpoint,
    serve(definitions) {
      const known = queues;
      queues = new Map(
        definitions.map((definition) => {
          const file = dataFolder === undefined ? undefined : join(dataFolder, 'queues', `${definition.name}.json`);
          const { messages, hiddenUntil } = known.get(definition.name) ?? {
            messages: keptFile<QueuedMessage[]>(file, []),
            hiddenUntil: new Map(),
          };
          messages.read();
          return [definition.name, { definition, messages, hiddenUntil }];
        }),
      );
    },
    send(queueArn, body) {
      put(find({ QueueName: queueArn.split(':').at(-1) ?? '' }), body);
    },
    list: () => Object.fromEntries([...queues].map(([name, { messages }]) => [name, messages.read()])),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function put({ messages }: Queue, body: string): object {
  const message: QueuedMessage = { id: randomUUID(), body, sentAt: new Date().toISOString(), timesReceived: 0 };
  messages.write([...messages.read(), message]);
  return { MessageId: message.id, MD5OfMessageBody: md5(body) };
}

async function receive(queue: Queue, request: Request): Promise<object[]> {
  const { messages, hiddenUntil, definition } = queue;
  const deadline = Date.now() + (request.WaitTimeSeconds ?? 0) * 1000;
  for (;;) {
    const now = Date.now();
    const all = messages.read();
    const received = all
      .filter(({ id }) => (hiddenUntil.get(id) ?? 0) <= now)
      .slice(0, request.MaxNumberOfMessages ?? 1)
      .map((message) => ({ ...message, timesReceived: message.timesReceived + 1 }));
    if (received.length > 0) {
      messages.write(all.map((message) => received.find(({ id }) => id === message.id) ?? message));
      const visibleAt = now + (request.VisibilityTimeout ?? definition.visibilityTimeoutSeconds) * 1000;
      for (const { id } of received) hiddenUntil.set(id, visibleAt);
      return received.map(({ id, body, sentAt, timesReceived }) => ({
        MessageId: id,
        // One receipt a message is enough here: whoever has received it may delete it.
        ReceiptHandle: id,
        Body: body,
        MD5OfBody: md5(body),
        Attributes: { SentTimestamp: String(Date.parse(sentAt)), ApproximateReceiveCount: String(timesReceived) },
      }));
    }
    if (now >= deadline) return [];
    await sleep(100);
  }
}

function remove({ messages, hiddenUntil }: Queue, receipts: readonly (string | undefined)[]): void {
  messages.write(messages.read().filter(({ id }) => !receipts.includes(id)));
  for (const receipt of receipts) hiddenUntil.delete(receipt ?? '');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
