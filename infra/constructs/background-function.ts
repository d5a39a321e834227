import { CfnResource } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Consumer, Job } from '../../shared/http/define-job.ts';
import {
  acknowledgeAvatars,
  acknowledgeMail,
  avatarEnvironment,
  avatarStatements,
  functionEnvironment,
  mailEnvironment,
  mailStatements,
  type Surroundings,
} from './function-environment.ts';
import { LeastPrivilegeFunction } from './least-privilege-function.ts';
import { tableStatements } from './single-table.ts';

/** Nobody waits for it, and most of its time is waiting for the table. */
const memoryMegabytesDefault = 512;

/** The template metadata by which a background function is found by its name, whatever CloudFormation calls it. */
export const jobMetadata = 'tenantry:job';

export interface BackgroundFunctionProps {
  readonly name: string;
  readonly work: Job | Consumer;
  readonly surroundings: Surroundings;
  /** What its way of being called needs, such as reading the stream. */
  readonly statements: readonly PolicyStatement[];
  /** Beside that of every function. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A function that no HTTP route reaches. It may do what it declares, and what its way of being called needs. */
export class BackgroundFunction extends LeastPrivilegeFunction {
  constructor(
    scope: Construct,
    id: string,
    { name, work, surroundings, statements, environment }: BackgroundFunctionProps,
  ) {
    const avatars = 'avatars' in work ? work.avatars : undefined;
    super(scope, id, {
      name,
      description: work.summary,
      codeFolder: surroundings.codeFolderOf(name),
      settings: surroundings.settings,
      environment: {
        ...functionEnvironment(surroundings),
        ...(work.mail ? mailEnvironment(surroundings) : {}),
        ...avatarEnvironment(surroundings, avatars),
        ...environment,
      },
      statements: [
        ...tableStatements(surroundings.table, work.table),
        ...avatarStatements(surroundings, avatars),
        ...(work.mail ? mailStatements(surroundings) : []),
        ...statements,
      ],
      timeoutSeconds: work.timeoutSeconds,
      memoryMegabytes: work.memoryMegabytes ?? memoryMegabytesDefault,
      ...(work.instancesMax !== undefined && { instancesMax: work.instancesMax }),
    });
    acknowledgeAvatars(this, surroundings, avatars);
    if (work.mail) acknowledgeMail(this);
    const resource = this.function.node.defaultChild;
    if (resource instanceof CfnResource) resource.addMetadata(jobMetadata, work.name);
  }
}
