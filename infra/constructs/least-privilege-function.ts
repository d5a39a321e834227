import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { hashOfFolder } from '../bundling/hash-of-folder.ts';
import type { StageSettings } from '../stage-settings.ts';

export interface LeastPrivilegeFunctionProps {
  /** Unique in the stage; the deployed function is called `tenantry-<stage>-<name>`. */
  readonly name: string;
  readonly description: string;
  /** The folder with `index.mjs`. */
  readonly codeFolder: string;
  readonly settings: StageSettings;
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function may do, beside writing its own log. */
  readonly statements: readonly PolicyStatement[];
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Most instances at once; they are taken out of the account's quota. */
  readonly instancesMax?: number;
}

/** Longest name that Lambda takes. */
const functionNameLengthMax = 64;

/** A function with a log and a role of its own. The role allows what its statements say and no more. */
export class LeastPrivilegeFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: LeastPrivilegeFunctionProps) {
    super(scope, id);
    const { settings } = props;
    const functionName = `tenantry-${settings.stage}-${props.name}`;
    if (functionName.length > functionNameLengthMax)
      throw new Error(`The function name ${functionName} is longer than ${functionNameLengthMax} characters.`);

    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/tenantry/${settings.stage}/${props.name}`,
      retention: settings.logRetentionDays,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    const writeLog = new PolicyStatement({
      sid: 'OwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Work: new PolicyDocument({ statements: [writeLog, ...props.statements] }) },
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.description,
      code: Code.fromAsset(props.codeFolder, { assetHash: hashOfFolder(props.codeFolder) }),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role,
      environment: { ...props.environment },
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMegabytes,
      ...(settings.reserveConcurrency &&
        props.instancesMax !== undefined && { reservedConcurrentExecutions: props.instancesMax }),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // No less: metrics are taken from these lines, and an alarm rings where those of the rollup are missing.
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.INFO,
    });
  }
}
