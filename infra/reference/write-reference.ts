import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Registry } from '../endpoint-registry.ts';
import type { Examples } from './example.ts';
import { guideNames } from './guides.ts';
import type { ApiDocument } from './operations.ts';
import { type ReferenceSources, referenceFiles } from './pages.ts';

const projectFolder = join(import.meta.dirname, '../..');

/**
 * Writes the reference, all that stands below `/docs`, into a folder.
 * @param document the OpenAPI document of the registry
 */
export function writeReference(folder: string, registry: Registry, document: Record<string, unknown>): void {
  for (const [file, text] of referenceFiles(referenceSources(registry, document))) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
  cpSync(join(import.meta.dirname, 'assets'), join(folder, 'assets'), { recursive: true });
  // It looks like the console.
  cpSync(join(projectFolder, 'console/styles/tokens.css'), join(folder, 'assets/tokens.css'));
}

/** What the reference is made of: the document, the recorded examples and the guides in `docs/`. */
export function referenceSources(registry: Registry, document: Record<string, unknown>): ReferenceSources {
  const read = (file: string) => readFileSync(join(projectFolder, file), 'utf8');
  const dialects = new Map(registry.endpoints.map(({ endpoint: { dialect } }) => [dialect.name, dialect]));
  return {
    document: document as unknown as ApiDocument,
    dialects: [...dialects.values()],
    examples: JSON.parse(read('infra/reference/examples.json')) as Examples,
    guides: guideNames.map((name) => ({ name, text: read(`docs/guides/${name}.md`) })),
  };
}
