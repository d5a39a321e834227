declare const REVISION: string;
let calls = 0;

/** Answers the event it was given and the environment it runs in. */
export async function handler(event: object, context: { awsRequestId: string; getRemainingTimeInMillis(): number }) {
  calls += 1;
  console.log(JSON.stringify({ said: 'echo', requestId: context.awsRequestId }));
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'x-request-id': context.awsRequestId },
    body: JSON.stringify({
      event,
      environment: { ...process.env },
      calls,
      revision: REVISION,
      remaining: context.getRemainingTimeInMillis(),
    }),
  };
}
