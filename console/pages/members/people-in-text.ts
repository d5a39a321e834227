/** Who is to be invited. */
export interface NamedAddress {
  readonly email: string;
  readonly name?: string;
}

/**
 * The people in a text, one a line or with commas or semicolons between them: `ada@example.com`,
 * `Ada Lovelace <ada@example.com>` or `"Lovelace, Ada" <ada@example.com>`, as mail programs write them. What is no
 * address comes back as one: the service has the last word on it. Who is there twice comes back once.
 */
export function peopleIn(text: string): NamedAddress[] {
  const people = (text.match(/(?:(?<![^\s,;])(["'])[^"'\n]*\1(?=\s*<)|[^\n,;])+/g) ?? [])
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [, name = '', email = part] = /^(.*?)\s*<([^<>]+)>$/.exec(part) ?? [];
      const plainName = name
        .replaceAll('"', '')
        .replace(/^'(.*)'$/, '$1')
        .trim();
      return plainName === '' ? { email: email.trim() } : { email: email.trim(), name: plainName };
    });
  return [...Map.groupBy(people, ({ email }) => email.toLowerCase()).values()].flatMap(([first]) => first ?? []);
}
