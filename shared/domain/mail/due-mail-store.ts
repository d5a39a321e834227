import type { DueMail } from './due-mail.ts';

export interface DueMailStore {
  /** Every mail that was asked for and not noted as taken; some may not be due any more. */
  all(): AsyncIterable<DueMail>;
}
