import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, expect, test } from 'vitest';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { type StageName, stageNames } from '../../infra/stage-settings.ts';
import { addTenantry } from '../../infra/tenantry.ts';
import { extentOf } from '../support/extent.ts';
import { exampleSettings } from '../support/synthesized-templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-nag-'));
afterAll(() => rmSync(folder, { recursive: true }));
const registry = await readRegistry();
const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'));

/** A stage, whose synthesis validates the templates by CloudFormation's own rules where it is asked to. */
function appOf(stage: StageName, { isValidated = false } = {}): App {
  const app = new App({ outdir: join(folder, stage), context, builtinCloudFormationValidation: isValidated });
  addTenantry(app, { settings: exampleSettings(stage), registry, codeFolderOf: () => import.meta.dirname });
  return app;
}

/** What the rules of AWS Solutions find, and where. */
function findingsIn(app: App): string[] {
  app.synth(); // Only then do references from stack to stack read as they will in the templates.
  return new AwsSolutionsChecks()
    .validateScope(app)
    .violations.map(
      ({ ruleName, violatingResources }) =>
        `${ruleName}: ${violatingResources.map(({ constructPath }) => constructPath).join(', ')}`,
    );
}

// What CloudFormation itself would refuse takes longer to be found than all the rest.
const isValidated = extentOf({ share: false, whole: true });
const rules = isValidated ? 'CloudFormation and of AWS Solutions' : 'AWS Solutions';

for (const stage of extentOf<readonly StageName[]>({ share: ['prod'], whole: stageNames })) {
  test(`the rules of ${rules} find nothing in ${stage}`, () => {
    expect(findingsIn(appOf(stage, { isValidated }))).toEqual([]);
  }, 120_000);
}

test('what is acknowledged in one place is still found in another', () => {
  const app = appOf('dev');
  const stack = app.node.findChild('tenantry-dev-jobs');
  new Queue(stack, 'Careless');
  const found = findingsIn(app);
  expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^AwsSolutions-SQS3: \S*Careless\/Resource$/)]));
  expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^AwsSolutions-SQS4: \S*Careless\/Resource$/)]));
});

test('every acknowledgement says why', () => {
  const reasons = appOf('prod')
    .node.findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<string>(data))
    .filter(([id]) => id.includes('AwsSolutions'));
  expect(reasons.length).toBeGreaterThan(0);
  for (const [id, reason] of reasons) expect(reason, id).toMatch(/^[A-Z].{40,}\.$/);
});
