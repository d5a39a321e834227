import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type Registry, readRegistry } from '../../infra/endpoint-registry.ts';
import { type StageName, type StageSettings, stageSettings } from '../../infra/stage-settings.ts';
import { addTenantry } from '../../infra/tenantry.ts';

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into resources of every type.
  readonly Properties: any;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** A resource with where it stands. */
export interface FoundResource extends TemplateResource {
  readonly stack: string;
  readonly logicalId: string;
}

/** The templates of a stage, as they would be deployed but for the code of the functions. */
export interface SynthesizedTemplates {
  readonly registry: Registry;
  /** Template by stack name. */
  readonly stacks: ReadonlyMap<string, { readonly Resources: Readonly<Record<string, TemplateResource>> }>;
  /** The names under which a stack hands values to others. */
  exportsOf(stack: string): readonly string[];
  /** The stacks that are deployed before this one. */
  dependenciesOf(stack: string): readonly string[];
  /** All resources of a type, over all stacks. */
  ofType(type: string): readonly FoundResource[];
  /** The function that is deployed under this name of the registry. */
  functionNamed(name: string): FoundResource;
  /** What a `Ref` or `Fn::GetAtt` inside a stack points to. */
  target(stack: string, reference: unknown): FoundResource;
  /** A value of a stack with its references carried out, as far as ARNs need: in account 000000000000, us-east-1. */
  resolve(stack: string, value: unknown): unknown;
}

/** What stages other than dev have to be told. */
const missing: Readonly<Record<string, string>> = {
  consoleUrl: 'https://console.example.com',
  mailSender: 'no-reply@example.com',
  domainName: 'api.example.com',
  domainCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c',
  alarmEmail: 'on-call@example.com',
};

/** An example of each setting that a stage has to be told. */
export function toldSettings(stage: StageName): Readonly<Record<string, string>> {
  return stage === 'dev' ? {} : missing;
}

/** The settings of a stage, with an example of each that it has to be told. @param told others, by setting */
export function exampleSettings(stage: StageName, told: Readonly<Record<string, string>> = {}): StageSettings {
  return stageSettings(stage, (setting) => told[setting] ?? toldSettings(stage)[setting]);
}

let registry: Promise<Registry> | undefined;
const synthesized = new Map<string, Promise<SynthesizedTemplates>>();

/**
 * A stage, synthesized in this process, once for all files that share it, and without bundling: every function gets the
 * same placeholder as its code. Nor are the templates validated, which takes most of the time:
 * test/infra/nag.test.ts has them validated.
 *
 * @param told settings beside those that the stage has to be told, or in place of them
 */
export function synthesizeTemplates(
  stage: StageName,
  told: Readonly<Record<string, string>> = {},
): Promise<SynthesizedTemplates> {
  const key = JSON.stringify([stage, told]);
  const templates = synthesized.get(key) ?? synthesize(stage, told);
  synthesized.set(key, templates);
  return templates;
}

async function synthesize(stage: StageName, told: Readonly<Record<string, string>>): Promise<SynthesizedTemplates> {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-templates-'));
  const codeFolder = join(folder, 'code');
  mkdirSync(codeFolder);
  writeFileSync(join(codeFolder, 'index.mjs'), '');
  registry ??= readRegistry();
  const read = await registry;
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'));
  const app = new App({ outdir: join(folder, 'cdk.out'), context, builtinCloudFormationValidation: false });
  addTenantry(app, { settings: exampleSettings(stage, told), registry: read, codeFolderOf: () => codeFolder });
  const artifacts = app.synth().stacks;
  const stacks = new Map(artifacts.map(({ stackName, template }) => [stackName, template]));
  const dependencies = new Map(artifacts.map((stack) => [stack.stackName, stack.dependencies.map(({ id }) => id)]));

  rmSync(folder, { recursive: true });

  const all: FoundResource[] = [...stacks].flatMap(([stack, { Resources = {} }]) =>
    Object.entries<TemplateResource>(Resources).map(([logicalId, resource]) => ({ ...resource, stack, logicalId })),
  );

  function target(stack: string, reference: unknown): FoundResource {
    const { Ref, 'Fn::GetAtt': attribute } = reference as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
    const logicalId = Ref ?? attribute?.[0];
    const found = all.find((resource) => resource.stack === stack && resource.logicalId === logicalId);
    if (found === undefined) throw new Error(`${stack} has no ${JSON.stringify(reference)}.`);
    return found;
  }

  function resolve(stack: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element) => resolve(stack, element));
    if (typeof value !== 'object' || value === null) return value;
    const [[intrinsic, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0) {
      if (intrinsic === 'Ref') return pseudoParameters[argument] ?? nameOf(target(stack, value));
      if (intrinsic === 'Fn::GetAtt') return attributeOf(target(stack, value), argument[1]);
      if (intrinsic === 'Fn::Join') return (resolve(stack, argument[1]) as string[]).join(argument[0]);
      if (intrinsic === 'Fn::ImportValue') return imported(argument);
    }
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, resolve(stack, part)]));
  }

  function imported(name: string): unknown {
    for (const [stack, { Outputs = {} }] of stacks)
      for (const { Value, Export } of Object.values<{ Value: unknown; Export?: { Name: string } }>(Outputs))
        if (Export?.Name === name) return resolve(stack, Value);
    throw new Error(`No stack exports ${name}.`);
  }

  return {
    registry: read,
    resolve,
    target,
    stacks,
    exportsOf: (stack) =>
      Object.values<{ Export?: { Name: string } }>(stacks.get(stack)?.Outputs ?? {}).flatMap(({ Export }) =>
        Export === undefined ? [] : [Export.Name],
      ),
    dependenciesOf: (stack) => dependencies.get(stack) ?? [],
    ofType: (type) => all.filter(({ Type }) => Type === type),
    functionNamed(name) {
      const found = all.filter(({ Properties }) => Properties?.FunctionName === `tenantry-${stage}-${name}`);
      const [first, second] = found.filter(({ Type }) => Type === 'AWS::Lambda::Function');
      if (first === undefined || second !== undefined) throw new Error(`There is not one function ${name}.`);
      return first;
    },
  };
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '000000000000',
  'AWS::Region': 'us-east-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The property that gives a resource its name, by type; where there is none, stack and logical id do. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SES::ConfigurationSet': 'Name',
  'AWS::S3::Bucket': 'BucketName',
};

function nameOf({ Type, Properties, stack, logicalId }: FoundResource): string {
  return Properties?.[nameProperties[Type] ?? ''] ?? `${stack}-${logicalId}`;
}

/** The service and the path of an ARN, by the type and attribute that it is of. */
const arns: Readonly<Record<string, (name: string) => string>> = {
  'AWS::DynamoDB::GlobalTable.Arn': (name) => `dynamodb:us-east-1:000000000000:table/${name}`,
  'AWS::DynamoDB::GlobalTable.StreamArn': (name) => `dynamodb:us-east-1:000000000000:table/${name}/stream/label`,
  'AWS::Lambda::Function.Arn': (name) => `lambda:us-east-1:000000000000:function:${name}`,
  'AWS::Logs::LogGroup.Arn': (name) => `logs:us-east-1:000000000000:log-group:${name}:*`,
  'AWS::S3::Bucket.Arn': (name) => `s3:::${name}`,
  'AWS::SQS::Queue.Arn': (name) => `sqs:us-east-1:000000000000:${name}`,
};

function attributeOf(resource: FoundResource, attribute: string): string {
  const arn = arns[`${resource.Type}.${attribute}`];
  if (arn === undefined) throw new Error(`What is ${attribute} of ${resource.Type}?`);
  return `arn:aws:${arn(nameOf(resource))}`;
}
