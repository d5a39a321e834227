import type { Mail } from './mail.ts';

/** What a mail of ours says; the same in plain text and in HTML. Names in it may hold anything. */
export interface MailContent {
  readonly to: string;
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** The one thing to do. */
  readonly action?: { readonly label: string; readonly url: string };
  /** Until when, and whom to ask. */
  readonly footnotes: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Longest part of a subject that comes from somebody's name. */
const quotedNameLengthMax = 80;

/** Somebody's name inside one of our lines: no line break, no control character, nothing a mail program makes a link of. */
export function quoted(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const unlinked = line.replace(/:\/\//g, ' ').replace(/(\w)\.(?=\w)/g, '$1\u2024');
  return unlinked.length > quotedNameLengthMax ? `${unlinked.slice(0, quotedNameLengthMax - 1)}…` : unlinked;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Writes the mail. Nothing that came from a person can become markup, a header or a link. */
export function composeMail({ to, subject, heading, paragraphs, action, footnotes, tags }: MailContent): Mail {
  const text = [
    heading,
    ...paragraphs,
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    '--',
    footnotes.join('\n'),
  ].join('\n\n');
  const paragraph = (style: string) => (line: string) => `<p style="margin:0 0 16px;${style}">${escaped(line)}</p>`;
  const button = action
    ? `<p style="margin:0 0 16px"><a href="${escaped(action.url)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#1f4fd8;color:#ffffff;text-decoration:none;font-weight:600">${escaped(action.label)}</a></p>
<p style="margin:0 0 24px;font-size:13px;color:#555555;word-break:break-all">${escaped(action.url)}</p>`
    : '';
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:24px 16px;background:#f4f5f7;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a">
<div style="max-width:520px;margin:0 auto;padding:28px 24px;border-radius:10px;background:#ffffff">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escaped(heading)}</h1>
${paragraphs.map(paragraph('')).join('\n')}
${button}
${footnotes.map(paragraph('font-size:13px;color:#555555')).join('\n')}
</div>
</body>
</html>
`;
  return { to, subject: subject.replace(/[\p{Cc}\s]+/gu, ' '), text: `${text}\n`, html, tags };
}
