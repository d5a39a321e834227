/** A piece of HTML: whatever was put into it is escaped, or was HTML before. */
export interface Html {
  readonly html: string;
}

/** What can stand inside HTML; texts are escaped, what is absent is left out. */
export type Content = Html | string | number | false | undefined | readonly Content[];

/** Writes HTML: `html\`<p>${text}</p>\``. */
export function html(pieces: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return { html: pieces.map((piece, at) => `${piece}${at < contents.length ? written(contents[at]) : ''}`).join('') };
}

/** A text with everything that means something in HTML or in an attribute escaped. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function written(content: Content): string {
  if (content === undefined || content === false) return '';
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  if ('html' in content) return content.html;
  return content.map(written).join('');
}

/** A path that a narrow screen may break before its slashes. */
export function breakable(path: string): Html {
  return html`${path.split('/').map((part, at) => (at === 0 ? part : html`<wbr>/${part}`))}`;
}
