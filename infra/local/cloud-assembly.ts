import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClearError } from './clear-error.ts';
import type { CloudResource, LiveValues } from './cloud-resource.ts';
import { noValue, resolveIntrinsics, type TemplateScope } from './intrinsics.ts';
import { isIgnored, kindOf, localAccount } from './resource-kinds.ts';

/** A synthesized CDK app: what a deployment would make, and where its function bundles lie. */
export interface CloudAssembly {
  /** All resources that something serves locally; those that have no meaning on one machine are left out. */
  readonly resources: readonly CloudResource[];
  /** The folder of a bundle, by the key under which a deployment would upload it. */
  assetFolder(objectKey: string): string;
}

interface Template {
  readonly Resources?: Record<string, TemplateResource>;
  readonly Parameters?: Record<string, { Default?: unknown }>;
  readonly Conditions?: Record<string, unknown>;
  readonly Mappings?: Record<string, unknown>;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown }; Condition?: string }>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Metadata?: Record<string, unknown>;
  readonly Condition?: string;
}

interface Manifest {
  readonly artifacts?: Record<
    string,
    { type: string; properties?: { templateFile?: string; file?: string; stackName?: string } }
  >;
}

interface AssetManifest {
  readonly files?: Record<
    string,
    { source: { path?: string; packaging?: string }; destinations: Record<string, { objectKey: string }> }
  >;
}

/**
 * Reads the stacks of a synthesized app (a `cdk.out` folder), as CloudFormation would.
 * @throws ClearError when the folder holds no such app, or one with something that the local stack cannot serve.
 */
export function readCloudAssembly(folder: string, live: LiveValues): CloudAssembly {
  const manifest = readJson<Manifest>(join(folder, 'manifest.json'));
  const templates = new Map<string, Template>();
  const assets = new Map<string, { folder: string; packaging: string | undefined }>();
  for (const [id, { type, properties = {} }] of Object.entries(manifest.artifacts ?? {})) {
    if (type === 'aws:cloudformation:stack' && properties.templateFile !== undefined) {
      templates.set(properties.stackName ?? id, readJson(join(folder, properties.templateFile)));
    } else if (type === 'cdk:asset-manifest' && properties.file !== undefined) {
      const { files = {} } = readJson<AssetManifest>(join(folder, properties.file));
      for (const { source, destinations } of Object.values(files)) {
        for (const { objectKey } of Object.values(destinations)) {
          assets.set(objectKey, { folder: join(folder, source.path ?? ''), packaging: source.packaging });
        }
      }
    } else if (type === 'cdk:cloud-assembly') {
      throw new ClearError(`${folder} has a nested assembly, ${id}, which the local stack does not serve.`);
    }
  }

  const exported = new Map<string, () => unknown>();
  const importValue = (importer: string, name: string) => {
    const value = exported.get(name);
    if (value === undefined) throw new ClearError(`${importer} imports ${name}, which no stack exports.`);
    return value();
  };
  const scopes = [...templates].map(([name, template]) => makeScope(name, template, importValue, live));
  for (const scope of scopes) {
    for (const output of Object.values(templates.get(scope.stackName)?.Outputs ?? {})) {
      if (output.Export === undefined) continue;
      const name = String(resolveIntrinsics(output.Export.Name, scope));
      exported.set(name, () => resolveIntrinsics(output.Value, scope));
    }
  }
  const resources = scopes.flatMap((scope) => scope.resources());
  return {
    resources,
    assetFolder(objectKey) {
      const asset = assets.get(objectKey);
      if (asset === undefined) throw new ClearError(`${folder} has no asset ${objectKey}.`);
      if (asset.packaging !== 'zip' || !existsSync(asset.folder)) {
        throw new ClearError(`The asset ${objectKey} of ${folder} is no folder with code.`);
      }
      return asset.folder;
    },
  };
}

function makeScope(
  stackName: string,
  template: Template,
  importValue: (importer: string, name: string) => unknown,
  live: LiveValues,
): TemplateScope & { resources(): CloudResource[] } {
  const made = new Map<string, CloudResource>();
  const underWay = new Set<string>();

  const scope: TemplateScope = {
    stackName,
    reference(name) {
      const pseudo = pseudoParameter(name, stackName);
      if (pseudo !== undefined) return pseudo;
      const parameter = template.Parameters?.[name];
      if (parameter === undefined) return resource(name).reference;
      if (parameter.Default === undefined)
        throw new ClearError(`${stackName} needs the parameter ${name}, which has no default.`);
      return parameter.Default;
    },
    attribute(logicalId, attribute) {
      const owner = resource(logicalId);
      const value = kindOf(owner.type)?.attributes?.[attribute]?.(owner, live);
      if (value === undefined) {
        throw new ClearError(
          `The local stack does not know the attribute ${attribute} of ${stackName}.${logicalId}, a ${owner.type}.`,
        );
      }
      return value;
    },
    importedValue: (name) => importValue(stackName, name),
    condition(name) {
      const condition = template.Conditions?.[name];
      if (condition === undefined) throw new ClearError(`${stackName} has no condition ${name}.`);
      return resolveIntrinsics(condition, scope) === true;
    },
    mapping: (name) => template.Mappings?.[name],
  };

  function resource(logicalId: string): CloudResource {
    const known = made.get(logicalId);
    if (known !== undefined) return known;
    const written = template.Resources?.[logicalId];
    if (written === undefined) throw new ClearError(`${stackName} refers to ${logicalId}, which it does not have.`);
    if (underWay.has(logicalId)) throw new ClearError(`${stackName}.${logicalId} depends on itself.`);
    underWay.add(logicalId);
    const kind = kindOf(written.Type);
    // Only what is served is looked into: a role's statements may name things that mean nothing here.
    const properties = kind?.served === true ? resolveIntrinsics(written.Properties ?? {}, scope) : {};
    const named =
      kind?.nameProperty === undefined ? undefined : resolveIntrinsics(written.Properties?.[kind.nameProperty], scope);
    const given = named === undefined || named === noValue ? `${stackName}-${logicalId}` : String(named);
    const unfinished = {
      stackName,
      logicalId,
      type: written.Type,
      name: kind?.localName?.(given) ?? given,
      properties: properties as Record<string, unknown>,
      metadata: written.Metadata ?? {},
    };
    const finished = { ...unfinished, reference: kind?.reference?.(unfinished, live) ?? unfinished.name };
    underWay.delete(logicalId);
    made.set(logicalId, finished);
    return finished;
  }

  return Object.assign(scope, {
    resources(): CloudResource[] {
      const served: CloudResource[] = [];
      for (const [logicalId, { Type, Condition }] of Object.entries(template.Resources ?? {})) {
        if (Condition !== undefined && !scope.condition(Condition)) continue;
        if (kindOf(Type)?.served === true) served.push(resource(logicalId));
        else if (kindOf(Type) === undefined && !isIgnored(Type)) {
          throw new ClearError(
            `${stackName}.${logicalId} is a ${Type}, which the local stack does not serve: teach it in ` +
              'infra/local/resource-kinds.ts, or list it there as meaningless on one machine.',
          );
        }
      }
      return served;
    },
  });
}

function pseudoParameter(name: string, stackName: string): string | typeof noValue | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return localAccount.id;
    case 'AWS::Region':
      return localAccount.region;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${localAccount.region}:${localAccount.id}:stack/${stackName}/local`;
    case 'AWS::NoValue':
      return noValue;
    default:
      return undefined;
  }
}

function readJson<Content>(file: string): Content {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ClearError(`There is no synthesized app: ${file} cannot be read.`);
  }
  return JSON.parse(text);
}
