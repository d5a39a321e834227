/** The guides, in the order of the navigation: `docs/guides/<name>.md`. The first is the start page. */
export const guideNames = [
  'start',
  'authentication',
  'conventions',
  'from-organization-admin',
  'from-platform',
  'from-accounts',
  'from-hierarchy',
] as const;

export type GuideName = (typeof guideNames)[number];

/** A guide as it is written. */
export interface Guide {
  readonly name: GuideName;
  /** Markdown, with its title as the first heading and its first paragraph as its summary. */
  readonly text: string;
}

/** Which guide belongs to a dialect. */
export function guideOf(dialect: string): GuideName {
  return guideNames.find((name) => name === `from-${dialect}`) ?? 'authentication';
}

/** The title and the summary of a guide. */
export function titleOf({ name, text }: Guide): { readonly title: string; readonly summary: string } {
  const [, title, summary] = /^# (.+)\n\n((?:.+\n?)+)/.exec(text) ?? [];
  if (title === undefined || summary === undefined)
    throw new Error(`The guide ${name} begins without title and summary.`);
  return {
    title,
    summary: summary
      .replace(/\s+/g, ' ')
      .replace(/[`*]|\[|\]\([^)]*\)/g, '')
      .trim(),
  };
}
