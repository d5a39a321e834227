import { domainErrors } from '../../shared/domain/errors.ts';
import { codeBlock, jsonText } from './code-block.ts';
import { curlCommand, properName } from './curl.ts';
import type { Example } from './example.ts';
import { breakable, type Html, html } from './html.ts';
import { type Page, pageAddress } from './layout.ts';
import { type CodeLinks, inlineMarkdown, markdown } from './markdown.ts';
import type { Operation, Parameter } from './operations.ts';
import { fieldView, schemaView } from './schema-view.ts';
import { typeScriptCall } from './type-script.ts';

/** The page of one operation: what it does and takes on one side, how it was called once on the other. */
export function operationPage(operation: Operation, example: Example | undefined, links: CodeLinks): Page {
  const { id, method, path, otherPaths, summary, description, body, successes } = operation;
  const of = (where: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === where);
  return {
    path: operation.page,
    title: summary,
    description: `${method} ${path}: ${summary}.`,
    dialect: operation.dialect,
    content: html`<div class="operation"><div class="told">
<p class="above"><a href="${pageAddress(operation.dialect)}"><code>${operation.dialect}</code></a> <code>${id}</code></p>
<h1>${summary}</h1>
${[path, ...otherPaths].map((each) => html`<p class="route"><span class="method ${method.toLowerCase()}">${method}</span> <code>${breakable(each)}</code></p>`)}
${markdown(description, links).content}
${callers(operation)}
${parameterList('Path', of('path'), links)}
${parameterList('Query', of('query'), links)}
${parameterList('Headers', of('header'), links)}
${body && html`<section><h2 id="body">Body</h2><p><code>${body.contentType}</code>${!body.required && ', which may be left out'}</p>${schemaView(body.schema)}</section>`}
<section><h2 id="answers">Answer</h2>
${successes.map(
  ({ status, contentType, schema, headers }) => html`<h3><span class="status">${status}</span> ${
    contentType === undefined ? 'without a body' : html`<code>${contentType}</code>`
  }</h3>${schema && schemaView(schema)}
<p class="note">Headers: ${listed(headers.map(headerName))}.</p>`,
)}</section>
${refusals(operation)}
</div>
<div class="shown">${example && exampleView(operation, example)}</div></div>`,
  };
}

const schemeNames: Readonly<Record<string, string>> = {
  session: 'a session',
  apiKey: 'an API key',
  clientId: 'a service account',
};

function callers({ security }: Operation): Html {
  const taken = [...new Set(security.flatMap((schemes) => schemes.flatMap((scheme) => schemeNames[scheme] ?? [])))];
  const words = new Intl.ListFormat('en', { type: 'disjunction' }).format(taken);
  if (taken.length === 0) return html`<p>It takes no credential.</p>`;
  const mayDoWithout = security.some((schemes) => schemes.length === 0);
  return html`<p>${mayDoWithout ? 'A credential may come along' : 'Credential'}: ${words} (<a href="/docs/guides/authentication">authentication</a>).</p>`;
}

function parameterList(title: string, parameters: readonly Parameter[], links: CodeLinks): Html | undefined {
  if (parameters.length === 0) return undefined;
  return html`<section><h2 id="${title.toLowerCase()}">${title}</h2><ul class="fields">${parameters.map(
    ({ name, required, description, schema }) => {
      const note = description ?? (typeof schema.description === 'string' ? schema.description : undefined);
      return fieldView(name, schema, required, note && inlineMarkdown(note, links));
    },
  )}</ul></section>`;
}

function refusals({ refusals: all }: Operation): Html {
  return html`<section><h2 id="errors">Errors</h2><ul class="refusals">${all.map(
    ({ code, status }) =>
      html`<li><span class="status">${status}</span> <span><a href="${pageAddress(`errors/${code}`)}"><code>${code}</code></a> <span class="note">${domainErrors[code]}</span></span></li>`,
  )}</ul></section>`;
}

/** Where the conventions explain a header. */
const explained: Readonly<Record<string, string>> = {
  etag: 'concurrency',
  'idempotent-replayed': 'idempotency',
  ratelimit: 'rate-limits',
  'ratelimit-policy': 'rate-limits',
  link: 'pages',
};

function headerName(name: string): Html {
  const section = explained[name.toLowerCase()];
  const shown = html`<code>${name}</code>`;
  return section === undefined ? shown : html`<a href="/docs/guides/conventions#${section}">${shown}</a>`;
}

function listed(items: readonly Html[]): Html {
  return html`${items.map((item, at) => (at === 0 ? item : html`, ${item}`))}`;
}

function exampleView(operation: Operation, example: Example): Html {
  const { status, headers, body } = example.answer;
  const head = Object.entries(headers).map(([name, value]) => `${properName(name)}: ${value}`);
  return html`<h2 id="example">Example</h2>
<h3>curl</h3>${codeBlock(curlCommand(operation, example), 'sh', 'The request with curl')}
<h3>TypeScript</h3>${codeBlock(typeScriptCall(operation, example), 'ts', 'The request in TypeScript')}
<h3>Answer <span class="status">${status}</span></h3>${
    head.length > 0 && codeBlock(head.join('\n'), 'http', 'Headers of the answer')
  }${body !== undefined && codeBlock(jsonText(body), 'json', 'Body of the answer')}`;
}
