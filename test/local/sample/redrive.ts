/** Takes what is in the dead-letter queue, by the queue's own protocol, and says what it was. */
export async function handler() {
  const taken: object[] = [];
  for (;;) {
    const { Messages = [] } = await call('ReceiveMessage', { MaxNumberOfMessages: 10 });
    if (Messages.length === 0) return { taken };
    for (const { Body, ReceiptHandle } of Messages) {
      taken.push(JSON.parse(Body).DDBStreamBatchInfo);
      await call('DeleteMessage', { ReceiptHandle });
    }
  }
}

async function call(
  action: string,
  request: object,
): Promise<{ Messages?: { Body: string; ReceiptHandle: string }[] }> {
  const response = await fetch(process.env.AWS_ENDPOINT_URL_SQS ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${process.env.AWS_ACCESS_KEY_ID}/20260101/us-east-1/sqs/aws4_request`,
    },
    body: JSON.stringify({ QueueUrl: process.env.QUEUE_URL, ...request }),
  });
  if (!response.ok) throw new Error(await response.text());
  return JSON.parse((await response.text()) || '{}');
}
