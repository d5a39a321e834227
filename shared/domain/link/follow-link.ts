import { hashSecret, readToken } from '../access/tokens.ts';
import { DomainError } from '../errors.ts';
import type { Work } from '../work.ts';
import type { Link, LinkPurpose } from './link.ts';

/**
 * The link that a mailed token belongs to, used up by this work: of two who follow it at once, one does.
 * @throws `link_gone` for a token that is unknown, used, replaced, expired or of another purpose
 */
export async function followLink<Purpose extends LinkPurpose['purpose']>(
  { stores, changes, now }: Work,
  token: string,
  purposes: readonly Purpose[],
): Promise<Extract<Link, { purpose: Purpose }>> {
  const content = readToken('lt', token);
  const [id] = content?.ids ?? [];
  if (!content || id === undefined) throw new DomainError('link_gone');
  const link = await stores.links.get(id);
  if (link?.tokenHash !== hashSecret(content.secret) || link.linkExpiresAt <= now || !isFor(link, purposes)) {
    throw new DomainError('link_gone');
  }
  stores.links.consume(changes, link);
  return link;
}

function isFor<Purpose extends LinkPurpose['purpose']>(
  link: Link,
  purposes: readonly Purpose[],
): link is Extract<Link, { purpose: Purpose }> {
  return (purposes as readonly string[]).includes(link.purpose);
}
