import { type DomainErrorCode, domainErrors } from '../../shared/domain/errors.ts';
import { codeBlock, jsonText } from './code-block.ts';
import { errorExplanations } from './error-explanations.ts';
import { type Html, html } from './html.ts';
import { type Page, pageAddress } from './layout.ts';
import { type CodeLinks, inlineMarkdown } from './markdown.ts';
import type { DialectOperations, Operation, Refusal } from './operations.ts';

const codes = Object.keys(domainErrors) as DomainErrorCode[];

/** The codes by what they are about, as the list shows them. */
const groups: Readonly<Record<string, (status: number) => boolean>> = {
  'What was sent': (status) => [400, 412, 413, 415, 422].includes(status),
  'Who is asking': (status) => [401, 403, 429].includes(status),
  'What is not there': (status) => [404, 410].includes(status),
  'What the state of things forbids': (status) => [402, 409].includes(status),
  'What is not your fault': (status) => status >= 500,
};

/** A way to be refused, with the operation that refuses so. */
type RaisedRefusal = Refusal & { readonly operation: Operation };

/**
 * The list of all error codes, and a page for each.
 * @param unrouted how each dialect says that there is no such operation, which no operation says
 */
export function errorPages(
  dialects: readonly DialectOperations[],
  unrouted: Readonly<Record<string, Refusal>>,
  links: CodeLinks,
): readonly Page[] {
  const raised = dialects.flatMap(({ operations }) =>
    operations.flatMap((operation) => operation.refusals.map((refusal) => ({ ...refusal, operation }))),
  );
  const byCode = Map.groupBy(raised, ({ code }) => code);
  const statusOf = (code: DomainErrorCode) => (byCode.get(code)?.[0] ?? Object.values(unrouted)[0])?.status ?? 0;
  return [
    listPage(statusOf),
    ...codes.map((code) => errorPage(code, statusOf(code), byCode.get(code) ?? [], dialects, unrouted, links)),
  ];
}

function listPage(statusOf: (code: DomainErrorCode) => number): Page {
  const titles = Object.keys(groups);
  const idOf = (title: string) => title.toLowerCase().replace(/\W+/g, '-');
  return {
    path: 'errors',
    title: 'Errors',
    description: 'Every error code of Tenantry, what it means and what to do about it.',
    headings: titles.map((title) => ({ id: idOf(title), text: title, level: 2 })),
    content: html`<h1>Errors</h1>
<p class="lead">Every refusal carries a stable code: <code>code</code> in the body, in <code>hierarchy</code> <code>error</code>. The header
<code>Link: &lt;…&gt;; rel="help"</code> leads to its page here. The set is closed, and a code never changes its meaning.</p>
${titles.map((title) => {
  const inGroup = codes.filter((code) => groups[title]?.(statusOf(code)));
  return html`<section><h2 id="${idOf(title)}">${title}</h2><ul class="listing">${inGroup.map(
    (code) => html`<li><a href="${pageAddress(`errors/${code}`)}"><span class="status">${statusOf(code)}</span>
<span><code>${code}</code> ${domainErrors[code]}</span></a></li>`,
  )}</ul></section>`;
})}`,
  };
}

function errorPage(
  code: DomainErrorCode,
  status: number,
  raised: readonly RaisedRefusal[],
  dialects: readonly DialectOperations[],
  unrouted: Readonly<Record<string, Refusal>>,
  links: CodeLinks,
): Page {
  const { meaning, causes, remedy } = errorExplanations[code];
  const inline = (text: string) => inlineMarkdown(text, links);
  const shown = dialects.map(({ name }) => {
    const refusal: Refusal | undefined =
      code === 'route_not_found' ? unrouted[name] : raised.find(({ operation }) => operation.dialect === name);
    return { name, refusal };
  });
  return {
    path: `errors/${code}`,
    title: code,
    description: domainErrors[code],
    headings: ['Meaning', 'Causes', 'What to do', 'How it looks', 'Where it is raised'].map((text) => ({
      id: text.toLowerCase().replaceAll(' ', '-'),
      text,
      level: 2,
    })),
    content: html`<p class="above"><a href="${pageAddress('errors')}">Errors</a></p>
<h1><code>${code}</code> <span class="status">${status}</span></h1>
<p class="lead">${domainErrors[code]}</p>
<section><h2 id="meaning">Meaning</h2><p>${inline(meaning)}</p></section>
<section><h2 id="causes">Causes</h2><ul>${causes.map((cause) => html`<li>${inline(cause)}</li>`)}</ul></section>
<section><h2 id="what-to-do">What to do</h2><p>${inline(remedy)}</p></section>
<section><h2 id="how-it-looks">How it looks</h2>${shown.map(({ name, refusal }) => looks(name, refusal))}</section>
<section><h2 id="where-it-is-raised">Where it is raised</h2>${whereRaised(code, raised)}</section>`,
  };
}

function looks(dialect: string, refusal: Refusal | undefined): Html {
  if (refusal === undefined)
    return html`<h3><code>${dialect}</code></h3><p class="note">No operation of this dialect raises it.</p>`;
  return html`<h3><code>${dialect}</code> <span class="status">${refusal.status}</span></h3>${codeBlock(
    jsonText(refusal.body),
    'json',
    `The body in ${dialect}`,
  )}`;
}

function whereRaised(code: DomainErrorCode, raised: readonly RaisedRefusal[]): Html {
  if (code === 'route_not_found') return html`<p>By every path that is none of an operation.</p>`;
  const byDialect = [...Map.groupBy(raised, ({ operation }) => operation.dialect)];
  return html`${byDialect.map(
    ([
      dialect,
      refusals,
    ]) => html`<details${refusals.length <= 12 && html` open`}><summary><code>${dialect}</code>: ${refusals.length} ${
      refusals.length === 1 ? 'operation' : 'operations'
    }</summary>
<ul class="refusals">${refusals.map(
      ({ operation }) =>
        html`<li><span class="method ${operation.method.toLowerCase()}">${operation.method}</span> <a href="${pageAddress(operation.page)}">${operation.summary}</a></li>`,
    )}</ul></details>`,
  )}`;
}
