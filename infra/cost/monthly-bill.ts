import { priceList } from './price-list.ts';

/** What a request of a kind takes, as `npm run bench:units` has measured it. */
export interface MeasuredRequest {
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly milliseconds: number;
}

export type MeasuredKind = 'read' | 'list' | 'change' | 'signIn' | 'invitation' | 'idleRollup';

export type Measured = Readonly<Record<MeasuredKind, MeasuredRequest>>;

export interface Load {
  readonly organizations: number;
  /** Of each organization. */
  readonly members: number;
  readonly requestsPerMonth: number;
}

/** What is deployed and costs by being there. */
export interface Deployed {
  readonly alarms: number;
  readonly dashboards: number;
  /** Metrics that requests write: CloudWatch charges a metric for the hours in which it is written. */
  readonly requestMetrics: number;
  /** Those that the rollup writes, whether anybody calls or not. */
  readonly idleMetrics: number;
}

export interface BillLine {
  readonly item: string;
  readonly dollars: number;
  /** Also owed when nobody calls. */
  readonly idle: boolean;
}

/** How requests are divided; the parts add up to one. */
export const requestMix: Readonly<Record<'read' | 'list' | 'change' | 'signIn' | 'invitation', number>> = {
  read: 0.6,
  list: 0.28,
  change: 0.1,
  signIn: 0.015,
  invitation: 0.005,
};

/** Memory of an endpoint's function and of the rollup's, and how often the rollup runs in a month. */
const functionGigabytes = 1;
/** One request in twenty tells the table how often its credential has called; the measurement runs without limits. */
const rateLimitWriteUnits = 1 / 20;
const rollupsPerMonth = (30 * 24 * 60) / 5;

/** Bytes that stand in the table for each member (membership, user, links, index entries) and each organization. */
const memberBytes = 3_500;
const organizationBytes = 4_000;
/** Bytes that a request leaves: its access entry, kept 400 days; its lines in two logs, kept 90; its answer. */
const accessEntryBytes = 450;
const accessEntryMonths = 400 / 30;
const logBytes = 1_100;
const logMonths = 3;
const answerBytes = 1_500;

const gigabyte = 1e9;

/** The bill of a month in which the stage is in balance: as much expires as is written. */
export function monthlyBill(load: Load, measured: Measured, deployed: Deployed): readonly BillLine[] {
  const { organizations, members, requestsPerMonth: requests } = load;
  const perRequest = (of: keyof MeasuredRequest) =>
    Object.entries(requestMix).reduce((sum, [kind, part]) => sum + part * measured[kind as MeasuredKind][of], 0);
  const mails = requests * requestMix.invitation;
  const { idleRollup } = measured;
  const seconds = (milliseconds: number) => milliseconds / 1_000;
  const storedGigabytes = (organizations * (organizationBytes + members * memberBytes)) / gigabyte;
  const entryGigabytes = (requests * accessEntryBytes * accessEntryMonths) / gigabyte;
  const logGigabytes = (requests * logBytes) / gigabyte;
  const million = 1e6;
  return [
    { item: 'gateway: requests', dollars: (requests / million) * priceList.gatewayMillionRequests, idle: false },
    {
      item: 'functions: requests',
      dollars: ((requests + mails) / million) * priceList.lambdaMillionRequests,
      idle: false,
    },
    {
      item: 'functions: duration',
      dollars: requests * seconds(perRequest('milliseconds')) * functionGigabytes * priceList.lambdaGigabyteSecondArm,
      idle: false,
    },
    {
      item: 'table: read units',
      dollars: ((requests * perRequest('readUnits')) / million) * priceList.tableMillionReadUnits,
      idle: false,
    },
    {
      item: 'table: write units',
      dollars:
        ((requests * (perRequest('writeUnits') + rateLimitWriteUnits)) / million) * priceList.tableMillionWriteUnits,
      idle: false,
    },
    { item: 'mail', dollars: (mails / 1_000) * priceList.thousandMails, idle: false },
    {
      item: 'logs',
      dollars: logGigabytes * (priceList.logGigabyteIngested + logMonths * priceList.logGigabyteMonth),
      idle: false,
    },
    {
      item: 'data sent to callers',
      dollars: ((requests * answerBytes) / gigabyte) * priceList.transferGigabyteOut,
      idle: false,
    },
    {
      item: 'storage of the access log',
      dollars: entryGigabytes * (priceList.tableGigabyteMonth + priceList.recoveryGigabyteMonth),
      idle: false,
    },
    {
      item: 'storage of organizations and members',
      dollars: storedGigabytes * (priceList.tableGigabyteMonth + priceList.recoveryGigabyteMonth),
      idle: true,
    },
    {
      item: 'the rollup, every five minutes',
      dollars:
        rollupsPerMonth *
        ((idleRollup.readUnits * priceList.tableMillionReadUnits +
          idleRollup.writeUnits * priceList.tableMillionWriteUnits +
          priceList.lambdaMillionRequests +
          priceList.schedulerMillionRuns) /
          million +
          seconds(idleRollup.milliseconds) * functionGigabytes * priceList.lambdaGigabyteSecondArm),
      idle: true,
    },
    {
      item: `watching requests: ${deployed.requestMetrics} metrics`,
      dollars: requests > 0 ? deployed.requestMetrics * priceList.metricMonth : 0,
      idle: false,
    },
    {
      item: `watching: ${deployed.alarms} alarms, ${deployed.idleMetrics} metric, ${deployed.dashboards} dashboard`,
      dollars:
        deployed.alarms * priceList.alarmMonth +
        deployed.idleMetrics * priceList.metricMonth +
        deployed.dashboards * priceList.dashboardMonth,
      idle: true,
    },
  ];
}
