import type { Work } from '../work.ts';
import type { Mail } from './mail.ts';

/** A mail whose token is kept, to be sent once that is committed. */
export interface PreparedMail {
  readonly mail: Mail;
  /** Notes that the mail was taken. */
  noteTaken(work: Work): Promise<void>;
}
