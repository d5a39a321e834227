/** A price in US dollars, and where it was seen. */
interface Price {
  readonly dollars: number;
  /** The day of the price list or page that said so. Without one: known of old, and not compared since. */
  readonly seen?: string;
  /** What said so. */
  readonly by: string;
}

/**
 * On-demand prices in us-east-1, without the free tier and without discounts for volume, each as it was seen last. AWS
 * changes prices rarely, and what it publishes goes before what stands here: https://aws.amazon.com/pricing/ of each
 * service, or the price list of https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html.
 */
export const prices = {
  gatewayMillionRequests: { dollars: 1.0, seen: '2025-05-19', by: 'a guide that quotes the page of API Gateway' },
  lambdaMillionRequests: { dollars: 0.2, seen: '2026-05-05', by: 'a reading of the page of Lambda' },
  lambdaGigabyteSecondArm: { dollars: 0.0000133334, seen: '2024-12-31', by: 'a guide of 2024 to the page of Lambda' },
  // Half of what they were before November 2024.
  tableMillionReadUnits: { dollars: 0.125, seen: '2025-07-21', by: 'a guide that quotes the page of DynamoDB' },
  tableMillionWriteUnits: { dollars: 0.625, seen: '2025-07-21', by: 'a guide that quotes the page of DynamoDB' },
  tableGigabyteMonth: { dollars: 0.25, by: 'an older copy of the page of DynamoDB' },
  recoveryGigabyteMonth: { dollars: 0.2, by: 'memory' },
  // What SES charges accounts that first send after 2026-07-21 (plan Essentials); older ones pay 0.10.
  thousandMails: { dollars: 0.16, seen: '2026-07-22', by: "AWS's price list of SES, published that day" },
  logGigabyteIngested: { dollars: 0.5, seen: '2026-06-13', by: 'a guide that quotes the page of CloudWatch' },
  logGigabyteMonth: { dollars: 0.03, seen: '2026-05-05', by: 'a reading of the page of CloudWatch' },
  alarmMonth: { dollars: 0.1, seen: '2026-05-05', by: 'a reading of the page of CloudWatch' },
  metricMonth: { dollars: 0.3, seen: '2026-02-15', by: 'a guide that quotes the page of CloudWatch' },
  dashboardMonth: { dollars: 3.0, seen: '2026-06-13', by: 'a guide that quotes the page of CloudWatch' },
  // After 14 million a month for nothing, which this does not count.
  schedulerMillionRuns: { dollars: 1.0, by: 'memory; the price list of 2024-10-01 has 1.25 for Tokyo' },
  transferGigabyteOut: { dollars: 0.09, seen: '2025-05-19', by: 'a guide that quotes the page of API Gateway' },
} as const satisfies Readonly<Record<string, Price>>;

type PriceName = keyof typeof prices;

/** The dollars alone. */
export const priceList = Object.fromEntries(
  Object.entries(prices).map(([name, { dollars }]) => [name, dollars]),
) as Readonly<Record<PriceName, number>>;

/** From when the prices are, and which of them nobody has compared with AWS's since they were written down. */
export function ageOfPrices(): {
  readonly oldest: string;
  readonly newest: string;
  readonly uncompared: readonly string[];
} {
  const all: [string, Price][] = Object.entries(prices);
  const seen = all.flatMap(([, price]) => price.seen ?? []).sort();
  const uncompared = all.filter(([, price]) => price.seen === undefined).map(([name]) => name);
  return { oldest: seen[0] ?? '', newest: seen.at(-1) ?? '', uncompared };
}
