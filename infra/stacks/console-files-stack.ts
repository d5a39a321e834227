import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConsoleFiles, type ConsoleFilesProps } from '../constructs/console-files.ts';

/** The files of the console: after the API, so that a new console never asks an old API. */
export class ConsoleFilesStack extends Stack {
  constructor(scope: Construct, id: string, files: ConsoleFilesProps, props: StackProps) {
    super(scope, id, props);
    new ConsoleFiles(this, 'Files', files);
  }
}
