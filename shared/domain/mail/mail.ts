/** A mail to one person, in both its forms. */
export interface Mail {
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What its bounces and complaints are found by: letters, digits, `-` and `_` only. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Hands mails to whoever carries them. */
export interface MailSender {
  /** Answers the carrier's own id of the mail, once it has taken it. */
  send(mail: Mail): Promise<string>;
}
