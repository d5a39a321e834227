import type { Changes } from '../changes.ts';
import type { Link } from './link.ts';

export interface LinkStore {
  get(id: number): Promise<Link | undefined>;
  request(changes: Changes, link: Link): void;
  /** Keeps the hash of the token that is about to be mailed; begins anew when the link was served meanwhile. */
  setToken(changes: Changes, link: Link, tokenHash: string): void;
  /** Calls the mailer once more, with another number of the mail that is due; begins anew when it was served meanwhile. */
  askAgain(changes: Changes, link: Link, mailDue: number): void;
  /** Notes that the mail was taken. */
  mailed(changes: Changes, link: Link): void;
  /** Uses the link up: `link_gone` unless its token still is this one. */
  consume(changes: Changes, link: Link): void;
}
