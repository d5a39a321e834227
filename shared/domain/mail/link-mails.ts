import type { Link, LinkPurpose } from '../link/link.ts';
import { composeMail, type Mail, type Message, spokenMoment } from './mail.ts';

/** Where the token of each purpose is taken to, below the console. */
const pages: Readonly<Record<LinkPurpose['purpose'], string>> = {
  registration: 'verify',
  'password-reset': 'reset-password',
  'email-change': 'verify',
};

type Wording = Pick<Message, 'subject' | 'paragraphs' | 'footnotes'> & { readonly label: string };

const wordings: Readonly<Record<LinkPurpose['purpose'], Wording>> = {
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
export function linkMail(link: Link, token: string, consoleUrl: string): Mail {
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
