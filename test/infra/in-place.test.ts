import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { synthesizeTemplates } from '../support/synthesized-templates.ts';

/** A stage begins without names of its own and is told them later, or the other way round. */
const namesOfOnesOwn = {
  consoleUrl: 'https://console.example.com',
  domainName: 'api.example.com',
  domainCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c',
};

test('a stage that is told names of its own takes nothing away that its other stacks still import', async () => {
  const [without, named] = await Promise.all([synthesizeTemplates('dev'), synthesizeTemplates('dev', namesOfOnesOwn)]);
  for (const stack of without.stacks.keys())
    expect(named.exportsOf(stack), stack).toEqual(expect.arrayContaining([...without.exportsOf(stack)]));
  for (const stack of named.stacks.keys())
    expect(without.exportsOf(stack), stack).toEqual(expect.arrayContaining([...named.exportsOf(stack)]));
});

/** What an account has once, and not once a region, and the property that names it. */
const namesInTheWholeAccount: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::CloudFront::Function': ['Name'],
  'AWS::CloudFront::OriginAccessControl': ['OriginAccessControlConfig', 'Name'],
  'AWS::CloudFront::ResponseHeadersPolicy': ['ResponseHeadersPolicyConfig', 'Name'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
};

test('a stage can be deployed in a second region of the account, beside itself', async () => {
  const dev = await synthesizeTemplates('dev');
  for (const [type, path] of Object.entries(namesInTheWholeAccount)) {
    const named = dev.ofType(type);
    expect(named.length, type).toBeGreaterThan(0);
    for (const { stack, Properties } of named)
      expect(
        dev.resolve(
          stack,
          path.reduce((within, key) => within[key], Properties),
        ),
        type,
      ).toMatch(/^tenantry-dev-.*us-east-1$/);
  }
  for (const { Properties } of dev.ofType('AWS::IAM::Role')) expect(Properties.RoleName).toBeUndefined();
});

test('logs that outlive their function are taken up again when it comes back, as after a rollback', async () => {
  const prod = await synthesizeTemplates('prod');
  const logs = prod.ofType('AWS::Logs::LogGroup');
  expect(logs.length).toBeGreaterThan(50);
  for (const { DeletionPolicy, Properties } of logs) {
    expect(DeletionPolicy).toBe('RetainExceptOnCreate');
    // CloudFormation takes up only what has a name without references in it.
    expect(Properties.LogGroupName).toMatch(/tenantry\/prod\/[\w-]+$/);
  }
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  expect(scripts.deploy).toContain('--import-existing-resources');
});

test('the table is the one that is deployed: under another name it would be a new and empty one', async () => {
  const prod = await synthesizeTemplates('prod');
  const tables = prod.ofType('AWS::DynamoDB::GlobalTable');
  expect(tables.map(({ stack, logicalId }) => [stack, logicalId])).toEqual([
    ['tenantry-prod-data', 'DataTableFDBAD0F2'],
  ]);
  expect(tables[0]?.Properties.TableName).toBeUndefined();
});

test('its local indexes are those that it was made with: CloudFormation refuses to change them', async () => {
  const prod = await synthesizeTemplates('prod');
  const listed =
    'kind organizationId userId roles workspaces isActive bytesLimit bytesUsed identity version joinedAt updatedAt';
  const index = (IndexName: string, sortKey: string) => ({
    IndexName,
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: listed.split(' ') },
  });
  const [table] = prod.ofType('AWS::DynamoDB::GlobalTable');
  expect(table?.Properties.LocalSecondaryIndexes).toEqual([
    index('inOrderOfJoining', 'joiningKey'),
    index('inOrderOfName', 'nameKey'),
    index('inOrderOfEmail', 'emailKey'),
    index('inOrderOfRole', 'roleKey'),
  ]);
});

test('no more functions follow the stream than DynamoDB serves: two for each shard', async () => {
  const dev = await synthesizeTemplates('dev');
  expect(dev.ofType('AWS::Lambda::EventSourceMapping').length).toBeLessThanOrEqual(2);
});
