import type { Link, LinkNotice, LinkPurpose } from '../link/link.ts';
import { composeMail, type Mail, type Message, spokenMoment } from './mail.ts';

type WithToken = Exclude<LinkPurpose, LinkNotice>;

/** Where the token of each purpose is taken to, below the console. */
const pages: Readonly<Record<WithToken['purpose'], string>> = {
  registration: 'verify',
  'password-reset': 'reset-password',
  'email-change': 'verify',
};

type Wording = Pick<Message, 'subject' | 'paragraphs' | 'footnotes'> & { readonly label: string };

const wordings: Readonly<Record<WithToken['purpose'], Wording>> = {
  registration: {
    subject: 'Confirm your address',
    paragraphs: ['Welcome to Tenantry. One step is left: confirm that this is your address.'],
    label: 'Confirm the address',
    footnotes: ['If you did not register, ignore this mail: without the link, no account comes to be.'],
  },
  'password-reset': {
    subject: 'Choose a new password',
    paragraphs: ['Somebody, you we hope, asked for a new password for your Tenantry account.'],
    label: 'Choose a password',
    footnotes: ['If it was not you, ignore this mail: your password stays as it is.'],
  },
  'email-change': {
    subject: 'Confirm your new address',
    paragraphs: ['You asked to use this address for your Tenantry account from now on.'],
    label: 'Confirm the new address',
    footnotes: [
      'Once you do, you are signed out everywhere but where you asked for it.',
      'If it was not you, ignore this mail: without the link, nothing changes.',
    ],
  },
};

const whomToAsk = 'Questions? Ask the people who run Tenantry where you work, or whoever told you about it.';

/** The mail that carries the token of a link; in the fragment, so that no server's log ever sees it. */
export function linkMail(link: Link & WithToken, token: string, consoleUrl: string): Mail {
  const { subject, paragraphs, label, footnotes } = wordings[link.purpose];
  return composeMail({
    to: link.email,
    subject,
    paragraphs,
    link: { label, url: `${consoleUrl}/${pages[link.purpose]}#token=${token}`, token },
    footnotes: [`The link works once, until ${spokenMoment(link.linkExpiresAt)}.`, ...footnotes, whomToAsk],
    tags: { kind: link.purpose },
  });
}

/** What somebody is told whose address was used again, to register or as another account's new address. */
export function accountExistsMail(link: Link, consoleUrl: string): Mail {
  return composeMail({
    to: link.email,
    subject: 'You have an account already',
    paragraphs: [
      'Somebody, perhaps you, wanted to use this address for a Tenantry account. There is one already, so nothing has changed.',
      'Sign in with it. If you have forgotten the password, you can ask for a new one there.',
    ],
    link: { label: 'Go to Tenantry', url: consoleUrl },
    footnotes: ['If it was not you, ignore this mail.', whomToAsk],
    tags: { kind: 'account-exists' },
  });
}

/** What the address is told that an account has left. It does not say where to: whoever reads it may be a stranger by now. */
export function addressChangedMail(notice: Link & LinkNotice): Mail {
  return composeMail({
    to: notice.email,
    subject: 'Your address was changed',
    paragraphs: [
      `Your Tenantry account has had another address since ${spokenMoment(notice.createdAt)}. This one signs nobody in any more.`,
      'If you changed it, or those who manage your account for you, there is nothing to do.',
    ],
    footnotes: [
      'If it was not you, tell the people who run Tenantry where you work at once: somebody else may have your account.',
    ],
    tags: { kind: notice.purpose },
  });
}
