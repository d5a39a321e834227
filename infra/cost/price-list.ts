/**
 * On-demand prices in US dollars, us-east-1, without the free tier and without discounts for volume.
 * @see https://aws.amazon.com/pricing/ of each service
 */
export const priceList = {
  /** When these prices were last compared with AWS's own pages. */
  asOf: '2025-06-01',
  region: 'us-east-1',
  gatewayMillionRequests: 1.0,
  lambdaMillionRequests: 0.2,
  lambdaGigabyteSecondArm: 0.0000133334,
  tableMillionReadUnits: 0.125,
  tableMillionWriteUnits: 0.625,
  tableGigabyteMonth: 0.25,
  recoveryGigabyteMonth: 0.2,
  thousandMails: 0.1,
  logGigabyteIngested: 0.5,
  logGigabyteMonth: 0.03,
  alarmMonth: 0.1,
  metricMonth: 0.3,
  dashboardMonth: 3.0,
  schedulerMillionRuns: 1.0,
  transferGigabyteOut: 0.09,
} as const;
