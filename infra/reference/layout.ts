import { type Content, type Html, html } from './html.ts';
import type { Heading } from './markdown.ts';
import type { DialectOperations, Operation } from './operations.ts';

/** One page of the reference. */
export interface Page {
  /** Below `/docs`, without a slash in front; the start page is the empty text. */
  readonly path: string;
  readonly title: string;
  /** One sentence, for search engines. */
  readonly description: string;
  readonly content: Html;
  /** What is on the page, where that is worth a list. */
  readonly headings?: readonly Heading[];
  /** The dialect whose operations the navigation shows. */
  readonly dialect?: string;
}

/** What every page has around it. */
export interface Site {
  readonly dialects: readonly DialectOperations[];
  readonly guides: readonly { readonly path: string; readonly title: string }[];
  readonly version: string;
}

/** The address of a page, from its path below `/docs`. */
export function pageAddress(path: string): string {
  return path === '' ? '/docs' : `/docs/${path}`;
}

/** A whole HTML document. Nothing in it needs more than the site's own files, so the strictest policy lets it be. */
export function layout(site: Site, page: Page): string {
  const { title, description, content, headings = [], path } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${path === '' ? title : `${title} · Tenantry reference`}</title>
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/assets/tokens.css">
<link rel="stylesheet" href="/docs/assets/reference.css">
<script src="/docs/assets/reference.js" type="module"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<button class="menu" type="button" popovertarget="navigation" aria-label="Menu"><span aria-hidden="true">☰</span></button>
<a class="brand" href="/docs"><img src="/favicon.svg" width="24" height="24" alt=""> Tenantry <span>reference</span></a>
<form class="search" role="search" hidden>
<input type="search" role="combobox" aria-label="Search the reference" aria-expanded="false" aria-controls="found" aria-autocomplete="list" placeholder="Search" autocomplete="off" spellcheck="false">
<kbd aria-hidden="true">/</kbd>
<div id="found" role="listbox" aria-label="Found" hidden></div>
</form>
<a class="out" href="/">Console</a>
<a class="out" href="/docs/openapi.json">OpenAPI</a>
</header>
<div class="columns">
<nav id="navigation" aria-label="Reference" popover>${navigation(site, page)}</nav>
<main id="content" tabindex="-1"><article>${content}</article>
<footer><p>Tenantry ${site.version}. Every example was made by a test that runs against the product.</p></footer></main>
${headings.length > 2 && tableOfContents(headings)}
</div>
</body>
</html>
`.html;
}

function navigation({ dialects, guides }: Site, { path, dialect }: Page): Html {
  const link = (to: string, label: Content) =>
    html`<li><a href="${pageAddress(to)}"${to === path && html` aria-current="page"`}>${label}</a></li>`;
  return html`<p>Guides</p>
<ul>${link('', 'Start')}${guides.map((guide) => link(guide.path, guide.title))}</ul>
<p>Operations</p>
<ul>${dialects.map(
    ({ name, operations }) =>
      html`<li><a href="${pageAddress(name)}"${name === path && html` aria-current="page"`}><code>${name}</code></a>${
        name === dialect &&
        html`<ul class="operations">${operations.map((operation) => link(operation.page, navigationLabel(operation)))}</ul>`
      }</li>`,
  )}</ul>
<p>Errors</p>
<ul>${link('errors', 'Every error code')}</ul>`;
}

function navigationLabel({ method, summary }: Operation): Content {
  return html`<span class="method ${method.toLowerCase()}">${method === 'DELETE' ? 'DEL' : method}</span> <span>${summary}</span>`;
}

function tableOfContents(headings: readonly Heading[]): Html {
  return html`<aside class="contents" aria-labelledby="on-this-page"><p id="on-this-page">On this page</p><ul>${headings
    .filter(({ level }) => level === 2)
    .map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li>`)}</ul></aside>`;
}
