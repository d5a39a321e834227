import { afterEach, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../infra/local/queues.ts';
import { temporaryFolder } from './sample-assembly.ts';

const definition = { name: 'letters', arn: 'arn:aws:sqs:us-east-1:000000000000:letters', visibilityTimeoutSeconds: 1 };
const opened: Queues[] = [];
afterEach(async () => {
  for (const queues of opened.splice(0)) await queues.stop();
});

async function open(dataFolder?: string): Promise<Queues> {
  const queues = await openQueues(dataFolder);
  opened.push(queues);
  queues.serve([definition]);
  return queues;
}

interface Answer {
  readonly Messages: {
    readonly Body: string;
    readonly ReceiptHandle: string;
    readonly Attributes: Record<string, string>;
  }[];
}
async function call({ endpoint }: Queues, action: string, request: object): Promise<Answer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonSQS.${action}` },
    body: JSON.stringify({ QueueUrl: `${endpoint}/000000000000/letters`, ...request }),
  });
  const answer = (await response.json()) as Answer & { __type?: string };
  if (!response.ok) throw new Error(answer.__type);
  return answer;
}

test('a message that was received is hidden for a while, and shows again until it is deleted', async () => {
  const queues = await open();
  await call(queues, 'SendMessage', { MessageBody: 'one' });
  const first = await call(queues, 'ReceiveMessage', {});
  expect(first.Messages).toMatchObject([{ Body: 'one', Attributes: { ApproximateReceiveCount: '1' } }]);
  expect((await call(queues, 'ReceiveMessage', {})).Messages).toEqual([]);
  const again = await call(queues, 'ReceiveMessage', { WaitTimeSeconds: 5 });
  expect(again.Messages).toMatchObject([{ Body: 'one', Attributes: { ApproximateReceiveCount: '2' } }]);
  await call(queues, 'DeleteMessage', { ReceiptHandle: again.Messages[0]?.ReceiptHandle });
  expect(queues.list()).toEqual({ letters: [] });
});

test('messages are kept in their order across a restart', async () => {
  const folder = temporaryFolder();
  const before = await open(folder);
  for (const body of ['one', 'two', 'three']) before.send(definition.arn, body);
  const after = await open(folder);
  const { Messages } = await call(after, 'ReceiveMessage', { MaxNumberOfMessages: 10 });
  expect(Messages.map(({ Body }) => Body)).toEqual(['one', 'two', 'three']);
});

test('a queue that is not there, and an action that is not known, are refused as SQS does', async () => {
  const queues = await open();
  await expect(call(queues, 'SendMessage', { QueueUrl: 'http://x/absent', MessageBody: 'x' })).rejects.toThrow(
    'QueueDoesNotExist',
  );
  await expect(call(queues, 'TagQueue', {})).rejects.toThrow('InvalidAction');
});
