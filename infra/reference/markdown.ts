import { Marked } from 'marked';
import { codeBlock, type Language } from './code-block.ts';
import { escaped, type Html } from './html.ts';

/** Where a piece of code leads: `last_owner`, `GET /orgs/{org_id}`. */
export type CodeLinks = ReadonlyMap<string, string>;

/** A heading of a text, to link to. */
export interface Heading {
  readonly id: string;
  readonly text: string;
  readonly level: number;
}

const languages: Readonly<Record<string, Language>> = { json: 'json', sh: 'sh', ts: 'ts', http: 'http' };
const noLinks: CodeLinks = new Map();

/**
 * Markdown as HTML. Code that `links` knows becomes a link, and `name.md` one to the page of that guide; HTML in the text
 * is shown, not obeyed.
 */
export function markdown(
  text: string,
  links: CodeLinks = noLinks,
): { readonly content: Html; readonly headings: readonly Heading[] } {
  const headings: Heading[] = [];
  const content = { html: reader(links, headings).parse(text, { async: false }) };
  return { content, headings };
}

/** One line of Markdown, without a paragraph around it. */
export function inlineMarkdown(text: string, links: CodeLinks = noLinks): Html {
  const inline = inlineReaders.get(links) ?? reader(links, []);
  inlineReaders.set(links, inline);
  return { html: inline.parseInline(text, { async: false }) as string };
}

/** There are thousands of lines, and a reader is not made for nothing. */
const inlineReaders = new WeakMap<CodeLinks, Marked>();

function reader(links: CodeLinks, headings: Heading[]): Marked {
  return new Marked({
    renderer: {
      html: ({ text }) => escaped(text),
      code: ({ text, lang = '' }) => codeBlock(text, languages[lang], 'Example').html,
      codespan({ text }) {
        const code = `<code>${escaped(text)}</code>`;
        const target = links.get(text);
        return target === undefined ? code : `<a href="${escaped(target)}">${code}</a>`;
      },
      link({ href, tokens }) {
        const target = href.replace(/^(?:\.\/)?([\w-]+)\.md(#|$)/, '/docs/guides/$1$2');
        return `<a href="${escaped(target)}">${this.parser.parseInline(tokens)}</a>`;
      },
      heading({ tokens, text, depth }) {
        const plain = text.replace(/[`*]/g, '');
        const id = plain
          .toLowerCase()
          .replace(/[^\w]+/g, '-')
          .replace(/^-|-$/g, '');
        headings.push({ id, text: plain, level: depth });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>`;
      },
      table({ header, rows }) {
        const cell = (tag: string, tokens: (typeof header)[number]['tokens']) => {
          const inner = this.parser.parseInline(tokens);
          return `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${inner}</${tag}>`;
        };
        const head = header.map(({ tokens }) => cell('th', tokens)).join('');
        const body = rows.map((row) => `<tr>${row.map(({ tokens }) => cell('td', tokens)).join('')}</tr>`).join('');
        return `<div class="table" tabindex="0" role="group" aria-label="Table"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
      },
    },
  });
}
