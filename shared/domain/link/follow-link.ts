import { hashSecret, readToken } from '../access/tokens.ts';
import { DomainError } from '../errors.ts';
import type { Work } from '../work.ts';
import type { Link, LinkPurpose } from './link.ts';

/** What a mailed token says. Whether it is true, its link tells. */
export interface PresentedLink {
  readonly linkId: number;
  /** Undefined for a registration: there is no account yet. */
  readonly userId: number | undefined;
  readonly tokenHash: string;
}

/** What is read off a mailed token, without a look at what is stored. @throws `link_gone` for what is none */
export function readLinkToken(token: string): PresentedLink {
  const content = readToken('lt', token);
  const [linkId, userId] = content?.ids ?? [];
  if (!content || linkId === undefined) throw new DomainError('link_gone');
  return { linkId, userId: userId === linkId ? undefined : userId, tokenHash: hashSecret(content.secret) };
}

/**
 * The link that a mailed token belongs to, used up by this work: of two who follow it at once, one does.
 * @throws `link_gone` for a token that is unknown, used, replaced, expired or of another purpose
 */
export async function followLink<Purpose extends LinkPurpose['purpose']>(
  { stores, changes, now }: Work,
  { linkId, tokenHash }: PresentedLink,
  purpose: Purpose,
): Promise<Extract<Link, { purpose: Purpose }>> {
  const link = await stores.links.get(linkId);
  if (link?.tokenHash !== tokenHash || link.linkExpiresAt <= now || !isFor(link, purpose)) {
    throw new DomainError('link_gone');
  }
  stores.links.consume(changes, link);
  return link;
}

function isFor<Purpose extends LinkPurpose['purpose']>(
  link: Link,
  purpose: Purpose,
): link is Extract<Link, { purpose: Purpose }> {
  return link.purpose === purpose;
}
