import { Aws, CustomResource, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { hashOfFolder } from '../bundling/hash-of-folder.ts';
import { consoleFilesFunction } from '../console/console-functions.ts';
import type { StageSettings } from '../stage-settings.ts';
import { LeastPrivilegeFunction } from './least-privilege-function.ts';

export interface ConsoleFilesProps {
  readonly settings: StageSettings;
  readonly bucketName: string;
  /** Where the API answers. */
  readonly apiUrl: string;
  /** The code of the function that puts the files, and the files. */
  readonly codeFolder: string;
}

/** Longer than all files take. */
const timeoutSeconds = 300;

/** Puts the files of the console into its bucket whenever they, or what they are told of the stage, have changed. */
export class ConsoleFiles extends Construct {
  constructor(scope: Construct, id: string, { settings, bucketName, apiUrl, codeFolder }: ConsoleFilesProps) {
    super(scope, id);
    const bucketArn = `arn:${Aws.PARTITION}:s3:::${bucketName}`;
    const { function: work } = new LeastPrivilegeFunction(this, 'Work', {
      name: consoleFilesFunction,
      description: 'Puts the files of the console into their bucket when it is deployed',
      codeFolder,
      settings,
      environment: {},
      statements: [
        new PolicyStatement({ sid: 'List', actions: ['s3:ListBucket'], resources: [bucketArn] }),
        new PolicyStatement({
          sid: 'Files',
          actions: ['s3:PutObject', 's3:DeleteObject'],
          resources: [`${bucketArn}/*`],
        }),
      ],
      timeoutSeconds,
      memoryMegabytes: 1024,
    });
    new CustomResource(this, 'Files', {
      resourceType: 'Custom::ConsoleFiles',
      serviceToken: work.functionArn,
      serviceTimeout: Duration.seconds(timeoutSeconds + 60),
      properties: {
        Bucket: bucketName,
        Written: { 'config.json': Stack.of(this).toJsonString({ api_url: apiUrl, sign_up: settings.signUp }) },
        // Other files, another release.
        Release: hashOfFolder(codeFolder),
      },
    });
    const objects = `arn:<AWS::Partition>:s3:::tenantry-${settings.stage}-console-<AWS::AccountId>-<AWS::Region>/*`;
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${objects}]`,
      reason: 'The names of the files follow from their contents, and the bucket has nothing else in it.',
    });
  }
}
