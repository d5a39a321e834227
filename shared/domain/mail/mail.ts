/** A mail, ready to be sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What events about the mail will name it by: letters, digits, `-` and `_`. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a mail says. Every text in it is shown as it is: none can become markup, a header or a link. */
export interface Message {
  readonly to: string;
  /** Also the heading. */
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The one link of the mail, with the token that it carries, if it carries one. */
  readonly link?: { readonly label: string; readonly url: string; readonly token?: string };
  /** Below the link. */
  readonly footnotes: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

const quotedCharactersMax = 120;

/**
 * A text that somebody else chose, as a mail may quote it: on one line, of limited length, without characters that turn
 * its direction, and with an invisible space behind every character that would let a mail program see an address in it.
 */
export function quoted(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...line];
  const cut = characters.length > quotedCharactersMax ? `${characters.slice(0, quotedCharactersMax).join('')}…` : line;
  return cut.replace(/[.:/@\\]/g, '$&\u200b');
}

/** A moment as people read it, in UTC. */
export function spokenMoment(moment: number): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(moment)} UTC`;
}

/** Writes a message out, as plain text and as HTML that reads well on a phone. */
export function composeMail({ to, subject, paragraphs, link, footnotes, tags }: Message): Mail {
  const text = [
    subject,
    ...paragraphs,
    ...(link ? [`${link.label}:\n${link.url}`] : []),
    ...(link?.token === undefined ? [] : [`Token: ${link.token}`]),
    ...footnotes,
  ];
  return { to, subject, text: `${text.join('\n\n')}\n`, html: htmlOf(subject, paragraphs, link, footnotes), tags };
}

function htmlOf(
  subject: string,
  paragraphs: readonly string[],
  link: Message['link'],
  footnotes: readonly string[],
): string {
  const font = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif';
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${escaped(text)}</p>`;
  const small = (html: string) => `<p style="margin:0 0 12px;font-size:14px;color:#52525b">${html}</p>`;
  const button =
    link &&
    `<p style="margin:24px 0"><a href="${escaped(link.url)}" style="display:inline-block;padding:12px 20px;background:#1d4ed8;color:#ffffff;text-decoration:none;border-radius:6px;font-weight:600">${escaped(link.label)}</a></p>
${small(`If the button does not work, copy this into your browser:<br><span style="word-break:break-all">${escaped(link.url)}</span>`)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(subject)}</title>
</head>
<body style="margin:0;padding:24px 16px;background:#f4f4f5;color:#18181b;${font};font-size:16px;line-height:1.5">
<div style="max-width:480px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escaped(subject)}</h1>
${[...paragraphs.map(paragraph), ...(button ? [button] : []), ...footnotes.map((text) => small(escaped(text)))].join('\n')}
</div>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
