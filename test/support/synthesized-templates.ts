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
  /** The stacks that are deployed before this one. */
  dependenciesOf(stack: string): readonly string[];
  /** All resources of a type, over all stacks. */
  ofType(type: string): readonly FoundResource[];
  /** The function that is deployed under this name of the registry. */
  functionNamed(name: string): FoundResource;
  /** What a `Ref` or `Fn::GetAtt` inside a stack points to. */
  target(stack: string, reference: unknown): FoundResource;
}

/** What stages other than dev have to be told. */
const missing: Readonly<Record<string, string>> = {
  consoleUrl: 'https://console.example.com',
  mailSender: 'no-reply@example.com',
  domainName: 'api.example.com',
  domainCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c',
  alarmEmail: 'on-call@example.com',
};

/** The settings of a stage, with an example of each that it has to be told. */
export function exampleSettings(stage: StageName): StageSettings {
  return stageSettings(stage, (setting) => (stage === 'dev' ? undefined : missing[setting]));
}

/** Synthesizes a stage in this process, without bundling: every function gets the same placeholder as its code. */
export async function synthesizeTemplates(
  stage: StageName,
  registry: Registry | undefined = undefined,
): Promise<SynthesizedTemplates> {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-templates-'));
  const codeFolder = join(folder, 'code');
  mkdirSync(codeFolder);
  writeFileSync(join(codeFolder, 'index.mjs'), '');
  const read = registry ?? (await readRegistry());
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'));
  const app = new App({ outdir: join(folder, 'cdk.out'), context });
  addTenantry(app, { settings: exampleSettings(stage), registry: read, codeFolderOf: () => codeFolder });
  const artifacts = app.synth().stacks;
  const stacks = new Map(artifacts.map(({ stackName, template }) => [stackName, template]));
  const dependencies = new Map(artifacts.map((stack) => [stack.stackName, stack.dependencies.map(({ id }) => id)]));

  rmSync(folder, { recursive: true });

  const all: FoundResource[] = [...stacks].flatMap(([stack, { Resources = {} }]) =>
    Object.entries<TemplateResource>(Resources).map(([logicalId, resource]) => ({ ...resource, stack, logicalId })),
  );
  return {
    registry: read,
    stacks,
    dependenciesOf: (stack) => dependencies.get(stack) ?? [],
    ofType: (type) => all.filter(({ Type }) => Type === type),
    functionNamed(name) {
      const found = all.filter(({ Properties }) => Properties?.FunctionName === `tenantry-${stage}-${name}`);
      const [first, second] = found.filter(({ Type }) => Type === 'AWS::Lambda::Function');
      if (first === undefined || second !== undefined) throw new Error(`There is not one function ${name}.`);
      return first;
    },
    target(stack, reference) {
      const { Ref, 'Fn::GetAtt': attribute } = reference as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
      const logicalId = Ref ?? attribute?.[0];
      const found = all.find((resource) => resource.stack === stack && resource.logicalId === logicalId);
      if (found === undefined) throw new Error(`${stack} has no ${JSON.stringify(reference)}.`);
      return found;
    },
  };
}
