import type { FunctionBundle } from '../../infra/bundling/bundle-functions.ts';

/** Of each bundle; docs/adr/0004-cold-start.md says why. */
export const bytesMax = 175_000;

/** Of those that need another service's client, whole, beside DynamoDB's. */
export const bytesMaxWithAnotherClient = 310_000;

/** How many bytes a bundle may have. */
export function bytesMaxOf({ bytesBySource }: FunctionBundle): number {
  const hasAnotherClient = Object.entries(bytesBySource).some(
    ([source, bytes]) => bytes > 0 && /@aws-sdk\/client-(s3|sesv2|sqs)\//.test(source),
  );
  return hasAnotherClient ? bytesMaxWithAnotherClient : bytesMax;
}
