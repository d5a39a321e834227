import { escaped, type Html, html } from './html.ts';

/** What examples are written in. */
export type Language = 'json' | 'sh' | 'ts' | 'http';

/** The words of a language that are set off; the name of a group becomes the class of what it matches. */
const tokens: Readonly<Record<Language, RegExp>> = {
  json: /(?<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\b\d[\d.e+-]*|\b(?:true|false|null)\b)/g,
  sh: /(?<comment>(?<=^|\s)#.*$)|(?<text>'[^']*'|"(?:[^"\\]|\\.)*")|(?<name>\$\w+|(?<=\s)--?[\w-]+)|(?<word>\b(?:curl|npm|npx)\b)/gm,
  ts: /(?<comment>\/\/.*$)|(?<text>'(?:[^'\\]|\\.)*'|`[^`]*`)|(?<word>\b(?:import|from|const|await|new|if|return|throw|for|of)\b)|(?<number>\b\d[\d_]*\b|\b(?:true|false|null)\b)/gm,
  http: /(?<name>^[\w-]+(?=:))|(?<word>^(?:GET|POST|PUT|PATCH|DELETE)\b)/gm,
};

/** A value as JSON, with short lists on one line. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /\[\s+([^[\]{}]{0,60}?)\s+\]/g,
    (_, inner: string) => `[${inner.replace(/\s*\n\s*/g, ' ')}]`,
  );
}

/** Code to read and to copy. `label` says what it is. */
export function codeBlock(text: string, language: Language | undefined, label: string): Html {
  return html`<div class="code"><pre tabindex="0" role="group" aria-label="${label}"><code>${coloured(text, language)}</code></pre></div>`;
}

function coloured(text: string, language: Language | undefined): Html {
  if (language === undefined) return html`${text}`;
  let written = '';
  let end = 0;
  for (const match of text.matchAll(tokens[language])) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? [];
    written += `${escaped(text.slice(end, match.index))}<span class="c-${kind}">${escaped(match[0])}</span>`;
    end = match.index + match[0].length;
  }
  return { html: written + escaped(text.slice(end)) };
}
