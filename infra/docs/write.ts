import { readFileSync, writeFileSync } from 'node:fs';
import { readRegistry } from '../endpoint-registry.ts';
import { withSection } from './markdown.ts';
import { sections } from './sections.ts';

/** Writes the parts of the documents that follow from the code. */
for (const { file, section, content } of sections(await readRegistry())) {
  writeFileSync(file, withSection(readFileSync(file, 'utf8'), section, content));
}
