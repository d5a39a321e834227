import type { Dialect } from '../../shared/dialects/dialect.ts';
import { DomainError, type DomainErrorCode } from '../../shared/domain/errors.ts';
import { dialectPage } from './dialect-page.ts';
import { errorExplanations } from './error-explanations.ts';
import { errorPages } from './error-pages.ts';
import type { Examples } from './example.ts';
import { type Guide, guideOf, titleOf } from './guides.ts';
import { layout, type Page, pageAddress, type Site } from './layout.ts';
import { type CodeLinks, markdown } from './markdown.ts';
import { operationPage } from './operation-page.ts';
import { type ApiDocument, type DialectOperations, operationsOf, type Refusal } from './operations.ts';

/** All that the reference is made of. */
export interface ReferenceSources {
  readonly document: ApiDocument;
  /** Those of the document. */
  readonly dialects: readonly Dialect[];
  readonly examples: Examples;
  readonly guides: readonly Guide[];
}

/** What the search looks through: `[title, address, what else it is found by]`. */
type SearchEntry = readonly [title: string, address: string, words: string];

/** Every file of the reference but its assets, by its path below `/docs`; the same sources give the same files. */
export function referenceFiles({
  document,
  dialects,
  examples,
  guides,
}: ReferenceSources): ReadonlyMap<string, string> {
  const documented = operationsOf(document);
  const links = codeLinks(documented);
  const pages: Page[] = [
    ...guides.map((guide) => guidePage(guide, links)),
    ...documented.flatMap((dialect) => [
      dialectPage(dialect, `guides/${guideOf(dialect.name)}`),
      ...dialect.operations.map((operation) => operationPage(operation, examples[operation.id], links)),
    ]),
    ...errorPages(documented, unroutedRefusals(dialects), links),
  ];
  const site: Site = {
    dialects: documented,
    guides: guides.slice(1).map((guide) => ({ path: `guides/${guide.name}`, title: titleOf(guide).title })),
    version: document.info.version,
  };
  return new Map([
    ...pages.map((page) => [fileOf(page), layout(site, page)] as const),
    ['search.json', JSON.stringify(searchEntries(documented, guides))],
  ]);
}

function fileOf({ path }: Page): string {
  return path === '' ? 'index.html' : `${path}/index.html`;
}

function guidePage(guide: Guide, links: CodeLinks): Page {
  const { title, summary } = titleOf(guide);
  const { content, headings } = markdown(guide.text, links);
  return { path: guide.name === 'start' ? '' : `guides/${guide.name}`, title, description: summary, content, headings };
}

/** What is written as code and has a page: errors, and operations by their ids and as `GET /orgs/{org_id}`. */
function codeLinks(dialects: readonly DialectOperations[]): CodeLinks {
  return new Map([
    ...Object.keys(errorExplanations).map((code) => [code, pageAddress(`errors/${code}`)] as const),
    ...dialects.flatMap(({ name, operations }) => [
      [name, pageAddress(name)] as const,
      ...operations.flatMap(({ id, method, path, page }) =>
        [id, `${method} ${path}`].map((text) => [text, pageAddress(page)] as const),
      ),
    ]),
  ]);
}

/** How each dialect says that a path is none of its operations. */
function unroutedRefusals(dialects: readonly Dialect[]): Readonly<Record<string, Refusal>> {
  const code: DomainErrorCode = 'route_not_found';
  return Object.fromEntries(
    dialects.map((dialect) => {
      const path = `${dialect.pathPrefix}/nothing`;
      const requestId = '0b6f2f4e-7d3a-4b62-9c1c-3f1f6a1c2d10';
      const now = Date.parse('2026-01-01T00:00:00Z');
      return [dialect.name, { code, ...dialect.renderRefusal(new DomainError(code), { requestId, path, now }) }];
    }),
  );
}

function searchEntries(dialects: readonly DialectOperations[], guides: readonly Guide[]): readonly SearchEntry[] {
  return [
    ...dialects.flatMap(({ operations }) =>
      operations.map(
        ({ id, method, path, summary, page }): SearchEntry => [summary, pageAddress(page), `${method} ${path} ${id}`],
      ),
    ),
    ...Object.entries(errorExplanations).map(
      ([code, { meaning }]): SearchEntry => [code, pageAddress(`errors/${code}`), `error ${meaning}`],
    ),
    ...guides.map((guide): SearchEntry => {
      const { title, summary } = titleOf(guide);
      return [title, pageAddress(guide.name === 'start' ? '' : `guides/${guide.name}`), `guide ${summary}`];
    }),
  ];
}
