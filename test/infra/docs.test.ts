import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withSection } from '../../infra/docs/markdown.ts';
import { sections } from '../../infra/docs/sections.ts';
import { readRegistry } from '../../infra/endpoint-registry.ts';

test('what the documents say of the code is what the code says (npm run docs writes it)', async () => {
  for (const { file, section, content } of sections(await readRegistry())) {
    const text = readFileSync(file, 'utf8');
    expect(text, `${section ?? 'all'} in ${file}`).toBe(withSection(text, section, content));
  }
});
