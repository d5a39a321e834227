import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DialectApi, type DialectApiProps } from '../constructs/dialect-api.ts';

/** One dialect: a stack of its own, because CloudFormation allows 500 resources in one and an endpoint takes seven. */
export class DialectStack extends Stack {
  constructor(scope: Construct, id: string, api: DialectApiProps, props: StackProps) {
    super(scope, id, props);
    new DialectApi(this, 'Api', api);
  }
}
