import { hashSecret, secretBytesOf, writeToken } from '../access/tokens.ts';
import type { Link, LinkNotice } from '../link/link.ts';
import { isUsable } from '../user/user.ts';
import type { Work } from '../work.ts';
import { accountExistsMail, addressChangedMail, linkMail } from './link-mails.ts';
import type { PreparedMail } from './prepared-mail.ts';

/** What a link's mail has to be, once it is known who has the address: where it is the link, whose account it is for. */
type Answer = { readonly linkFor: 'nobody-yet' | number } | 'account-exists' | 'nothing';

/**
 * Prepares the mail that a link asks for: looks the address up, mints the token and keeps its hash. A token that an
 * earlier try has minted dies. Undefined where no mail is due, or none may be sent; that is settled then.
 */
export async function prepareLinkMail(work: Work, linkId: number): Promise<PreparedMail | undefined> {
  const { stores, changes, settings, now } = work;
  const link = await stores.links.get(linkId);
  if (!link || link.mailDue === null) return undefined;
  if (link.linkExpiresAt <= now) return settle(work, link);
  if (link.purpose === 'address-changed') {
    return { mail: addressChangedMail(link), noteTaken: (later) => noteTaken(later, link) };
  }
  const answer = await answerTo(work, link);
  if (answer === 'nothing') return settle(work, link);
  if (answer === 'account-exists') {
    return { mail: accountExistsMail(link, settings.consoleUrl), noteTaken: (later) => noteTaken(later, link) };
  }
  const secret = work.randomBytes(secretBytesOf('lt'));
  const minted = { ...link, tokenHash: hashSecret(secret) };
  stores.links.setToken(changes, link, minted.tokenHash);
  const userId = answer.linkFor === 'nobody-yet' ? link.id : answer.linkFor;
  const token = writeToken('lt', { ids: [link.id, userId], secret });
  return { mail: linkMail(link, token, settings.consoleUrl), noteTaken: (later) => noteTaken(later, minted) };
}

/** No mail is due any more. */
function settle({ stores, changes }: Work, link: Link): undefined {
  stores.links.mailed(changes, link);
}

async function answerTo({ stores }: Work, link: Exclude<Link, LinkNotice>): Promise<Answer> {
  const holder = await stores.users.findByEmail(link.email);
  switch (link.purpose) {
    case 'registration':
      if (!holder) return { linkFor: 'nobody-yet' };
      return isUsable(holder) ? 'account-exists' : 'nothing';
    case 'password-reset':
      return holder && isUsable(holder) ? { linkFor: holder.id } : 'nothing';
    case 'email-change': {
      const user = await stores.users.get(link.userId);
      if (!user || !isUsable(user) || holder?.id === user.id) return 'nothing';
      if (!holder) return { linkFor: user.id };
      return isUsable(holder) ? 'account-exists' : 'nothing';
    }
  }
}

/** Unless another try has minted another token meanwhile, or the link was followed already. */
async function noteTaken({ stores, changes }: Work, { id, tokenHash }: Link): Promise<void> {
  const link = await stores.links.get(id);
  if (link && link.mailDue !== null && link.tokenHash === tokenHash) stores.links.mailed(changes, link);
}
