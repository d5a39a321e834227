import { dayMilliseconds, hourMilliseconds, type Timestamp } from '../timestamp.ts';

/** What a mailed link does once it is followed. */
export type LinkPurpose =
  | {
      /** Makes the account that somebody registered. */
      readonly purpose: 'registration';
      readonly firstName: string;
      readonly lastName: string;
      readonly passwordHash: string;
    }
  | {
      /** Lets whoever reads the address's mail set a new password. */
      readonly purpose: 'password-reset';
    }
  | {
      /** Moves an account to the new address. */
      readonly purpose: 'email-change';
      readonly userId: number;
      readonly sessionId: number;
      /** Equal to the user's, or the link is dead, as the sessions of that time are. */
      readonly sessionEpoch: number;
    }
  | LinkNotice;

/** Leads nowhere, and has no token: tells the address that an account has left it. */
export interface LinkNotice {
  readonly purpose: 'address-changed';
}

/**
 * A request for a mail with a link. It is written without a token and without looking whether the address is known;
 * the mailer, later, looks, mints the token, keeps its hash and sends. So nobody learns anything from the answer.
 */
export type Link = LinkPurpose & {
  readonly id: number;
  /** To whom the mail goes. */
  readonly email: string;
  /** Set until the mailer has served it; whenever it changes, the mailer is called. */
  readonly mailDue: number | null;
  readonly tokenHash: string | null;
  readonly createdAt: Timestamp;
  readonly linkExpiresAt: Timestamp;
};

/** How long a link of each purpose works, or is worth a mail. */
export const linkLifeMilliseconds: Readonly<Record<LinkPurpose['purpose'], number>> = {
  registration: dayMilliseconds,
  'password-reset': hourMilliseconds,
  'email-change': dayMilliseconds,
  'address-changed': 7 * dayMilliseconds,
};
