import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Deployment } from './deployment.ts';
import type { Ministack } from './ministack.ts';

/** What tests need of a deployment beside its API, offered in the words of the local stack. */
export interface SideDoor {
  readonly inboxUrl: string;
  readonly controlUrl: string;
  readonly controlSecret: string;
  /** @throws Error when the job fails */
  runJob(name: string, input: unknown): Promise<unknown>;
  close(): void;
}

interface SentMail {
  readonly To: readonly string[];
  readonly Subject: string;
  readonly BodyText: string | null;
  readonly BodyHtml: string | null;
}

/**
 * Opens a server that answers `GET /store` with the mails that were sent, runs jobs at `POST /jobs`, and lets the mail of
 * an invitation come back at `POST /mail-events`.
 */
export async function openSideDoor(ministack: Ministack, { stage, tableName }: Deployment): Promise<SideDoor> {
  const lambda = new LambdaClient();
  const controlSecret = randomBytes(24).toString('base64url');

  async function invokeJob(name: string, input: unknown) {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: `tenantry-${stage}-job-${name}`, Payload: JSON.stringify(input ?? {}) }),
    );
    const payload = Payload?.transformToString() ?? 'null';
    return FunctionError === undefined
      ? { kind: 'answer', payload }
      : { kind: 'failure', error: { errorMessage: JSON.parse(payload).errorMessage } };
  }

  async function answer(method: string, path: string, authorization: string | undefined, body: string) {
    if (method === 'GET' && path === '/store') return { emails: await mails(ministack) };
    if (method === 'POST' && authorization === `Bearer ${controlSecret}`) {
      const { name, input, type, address } = JSON.parse(body);
      if (path === '/jobs') return invokeJob(name, input);
      if (path === '/mail-events') return invokeJob('mail-feedback', await mailEvent(type, address));
    }
    throw new Error(`There is no ${method} ${path} here.`);
  }

  /** What SES would publish by SNS. MiniStack publishes nothing and forgets a mail's tags; the table still knows them. */
  async function mailEvent(type: 'bounce' | 'complaint', address: string) {
    const pages = paginateScan(
      { client: new DynamoDBClient() },
      {
        TableName: tableName,
        ConsistentRead: true,
        FilterExpression: 'kind = :kind AND email = :email',
        ExpressionAttributeValues: { ':kind': { S: 'invitation' }, ':email': { S: address } },
      },
    );
    for await (const { Items = [] } of pages)
      for (const { organizationId, id, mailNumber } of Items) {
        const tags = {
          kind: ['invitation'],
          organization: [organizationId?.N],
          invitation: [id?.N],
          mail: [mailNumber?.N],
        };
        const told =
          type === 'bounce'
            ? { eventType: 'Bounce', bounce: { bounceType: 'Permanent' } }
            : { eventType: 'Complaint', complaint: { complaintFeedbackType: 'abuse' } };
        return { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify({ ...told, mail: { tags } }) } }] };
      }
    throw new Error(`Nobody was invited at ${address}.`);
  }

  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const [status, content] = await bodyOf(request)
      .then((body) => answer(method, url, headers.authorization, body))
      .then(
        (found) => [200, found] as const,
        (error: Error) => [500, { message: error.message }] as const,
      );
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

  return {
    inboxUrl: url,
    controlUrl: url,
    controlSecret,
    async runJob(name, input) {
      const outcome = await invokeJob(name, input);
      if ('error' in outcome) throw new Error(`The job ${name} failed: ${outcome.error?.errorMessage}`);
      return JSON.parse(outcome.payload);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** In the form in which the local inbox answers them. */
async function mails({ url }: Ministack) {
  const { messages } = (await (await fetch(`${url}/_ministack/ses/messages`)).json()) as {
    messages: Record<string, SentMail[]>;
  };
  return Object.values(messages)
    .flat()
    .map(({ To, Subject, BodyText, BodyHtml }) => ({
      destination: { to: To },
      subject: Subject,
      body: { text: BodyText ?? '', html: BodyHtml ?? '' },
    }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
