import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';

/** Where the clients would find their services in these regions. */
export function handler({ regions }: { readonly regions: readonly string[] }) {
  return regions.map((region) => ({ region, dynamodb: find(DynamoDBClient, region), ses: find(SESv2Client, region) }));
}

function find(Client: typeof DynamoDBClient | typeof SESv2Client, region: string) {
  const { endpointProvider } = new Client({ region }).config;
  return endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
}
