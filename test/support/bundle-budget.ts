import type { FunctionBundle } from '../../infra/bundling/bundle-functions.ts';

/** Of each bundle; docs/adr/0004-cold-start.md says why. */
export const bytesMax = 256_000;

/** Of those that need another service's client beside DynamoDB's. */
export const bytesMaxWithAnotherClient = 350_000;

/** How many bytes a bundle may have. */
export function bytesMaxOf({ bytesBySource }: FunctionBundle): number {
  const hasAnotherClient = Object.entries(bytesBySource).some(
    ([source, bytes]) => bytes > 0 && /@aws-sdk\/client-(s3|sqs)\//.test(source),
  );
  return hasAnotherClient ? bytesMaxWithAnotherClient : bytesMax;
}
