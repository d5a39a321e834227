import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { listedAttributes, tableIndexes, tableKeys } from '../../shared/data/table.ts';
import type { TableAccess } from '../../shared/http/define-endpoint.ts';

export interface SingleTableProps {
  /** Whether the table outlives its stack and refuses to be deleted. */
  readonly keepData: boolean;
}

/** The one table, made from `shared/data/table.ts`. Its local indexes can never be added or changed later. */
export class SingleTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { keepData }: SingleTableProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: tableKeys.partition, type: AttributeType.STRING },
      sortKey: { name: tableKeys.sort, type: AttributeType.STRING },
      localSecondaryIndexes: Object.entries(tableIndexes).map(([indexName, { sortKey }]) => ({
        indexName,
        sortKey: { name: sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...listedAttributes],
      })),
      timeToLiveAttribute: tableKeys.timeToLive,
      billing: Billing.onDemand(),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      deletionProtection: keepData,
      removalPolicy: keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
  }
}

/**
 * The IAM statements for exactly this access: the actions on the table itself, and `Query` on the indexes that are
 * named. Who queries an index does not thereby query the table.
 */
export function tableStatements(table: TableV2, { actions, indexes = [] }: TableAccess): readonly PolicyStatement[] {
  return [
    ...(actions.length > 0
      ? [
          new PolicyStatement({
            sid: 'Table',
            actions: actions.map((action) => `dynamodb:${action}`),
            resources: [table.tableArn],
          }),
        ]
      : []),
    ...(indexes.length > 0
      ? [
          new PolicyStatement({
            sid: 'TableIndexes',
            actions: ['dynamodb:Query'],
            resources: indexes.map((index) => `${table.tableArn}/index/${index}`),
          }),
        ]
      : []),
  ];
}
