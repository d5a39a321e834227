import { mailLimit } from '../mail/mail-limit.ts';
import type { Work } from '../work.ts';
import { type LinkPurpose, linkLifeMilliseconds } from './link.ts';

/**
 * Asks for a mail with a link to this address, without looking whether anybody has it: the mailer looks. Past the limit
 * nothing is asked for, and nobody who asks can tell.
 */
export async function requestLink(work: Work, email: string, purpose: LinkPurpose): Promise<void> {
  const { outcome } = await work.stores.attempts.reserve(`mail:${email}`, work.now, mailLimit);
  if (outcome === 'reserved') requestLinkUnlimited(work, email, purpose);
}

/**
 * Asks for a mail that tells an address that an account has left it. The limit is one of its own: nobody uses it up, to be
 * silent about what they do next, by asking for other mails.
 */
export async function requestAddressNotice(work: Work, email: string): Promise<void> {
  const { outcome } = await work.stores.attempts.reserve(`notice:${email}`, work.now, mailLimit);
  if (outcome === 'reserved') requestLinkUnlimited(work, email, { purpose: 'address-changed' });
}

/** Asks for a mail without a limit, for an operator. */
export function requestLinkUnlimited({ stores, changes, newId, now }: Work, email: string, purpose: LinkPurpose): void {
  stores.links.request(changes, {
    ...purpose,
    id: newId(),
    email,
    mailDue: 1,
    tokenHash: null,
    createdAt: now,
    linkExpiresAt: now + linkLifeMilliseconds[purpose.purpose],
  });
}
