import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const workflows = globSync('.github/workflows/*.yml').sort();

test('there are workflows', () => {
  expect(workflows).toContain('.github/workflows/deploy-stage.yml');
});

/** A tag can be moved to other code, which would run with the token that takes the role of a deployment. */
test.each(workflows)('%s runs no action that can change behind its name', (path) => {
  const used = [...readFileSync(path, 'utf8').matchAll(/^\s*(?:- )?uses:\s*(.+?)\s*$/gm)].map(([, what]) => what ?? '');
  const foreign = used.filter((what) => !what.startsWith('./'));
  for (const what of foreign) expect(what).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
