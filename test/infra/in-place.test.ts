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
