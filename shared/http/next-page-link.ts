import type { Exchange } from './exchange.ts';

/** The `Link` header to the page that begins at `cursor`: the same request from there on. None after the last page. */
export function nextPageLink({ path, event }: Exchange, cursor: string | undefined): Record<string, string> {
  if (cursor === undefined) return {};
  const query = new URLSearchParams(event.rawQueryString);
  query.set('cursor', cursor);
  return { link: `<${path}?${query}>; rel="next"` };
}
