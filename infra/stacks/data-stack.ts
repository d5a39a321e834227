import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { SingleTable } from '../constructs/single-table.ts';
import type { StageSettings } from '../stage-settings.ts';

/** What must not be lost: the table. Everything else can be made anew. */
export class DataStack extends Stack {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, settings: StageSettings, props: StackProps) {
    super(scope, id, { ...props, terminationProtection: settings.keepData });
    this.table = new SingleTable(this, 'Data', settings).table;
    new CfnOutput(this, 'TableName', { value: this.table.tableName });
  }
}
