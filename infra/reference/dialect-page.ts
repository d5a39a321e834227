import { breakable, html } from './html.ts';
import { type Page, pageAddress } from './layout.ts';
import type { DialectOperations } from './operations.ts';

/** What a resource is called above its operations: `Access log` of `access_log`. */
function resourceTitle(resource: string): string {
  const words = resource.replaceAll('_', ' ').replace('api key', 'API key').replace('openapi', 'OpenAPI');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The page of a dialect: all of its operations, by what they are about. */
export function dialectPage({ name, description, operations }: DialectOperations, guide: string): Page {
  const resources = [...Map.groupBy(operations, ({ resource }) => resource)];
  return {
    path: name,
    title: name,
    description,
    dialect: name,
    headings: resources.map(([resource]) => ({ id: resource, text: resourceTitle(resource), level: 2 })),
    content: html`<h1>${name}</h1>
<p class="lead">${description}</p>
<p><a href="${pageAddress(guide)}">${guide === 'guides/authentication' ? 'How authentication works' : 'You come from such an API? What stays, what is better, what differs'}</a></p>
${resources.map(
  ([resource, ofIt]) => html`<section><h2 id="${resource}">${resourceTitle(resource)}</h2>
<ul class="listing">${ofIt.map(
    (
      operation,
    ) => html`<li><a href="${pageAddress(operation.page)}"><span class="method ${operation.method.toLowerCase()}">${operation.method}</span>
<span><strong>${operation.summary}</strong> <code>${breakable(operation.path)}</code></span></a></li>`,
  )}</ul></section>`,
)}`,
  };
}
