import type { Timestamp } from '../timestamp.ts';

/** How a request ended: done, refused for want of rights, refused or failed for another reason. */
export const accessStatuses = ['SUCCESS', 'DENIED', 'FAILURE'] as const;

export type AccessStatus = (typeof accessStatuses)[number];

/** One request to an organization, or a sign-in of one of its members. */
export interface AccessEntry {
  /** Unique; entries of one moment sort by it. */
  readonly id: string;
  readonly organizationId: number;
  readonly timestamp: Timestamp;
  /** The email address of whoever called, or the credential's name. */
  readonly user: string;
  /** A credential's calls count as its maker's. Null where nobody is known by that address. */
  readonly userId: number | null;
  /** The endpoint's operation in upper case, or `LOGIN`, `LOGOUT`, `TOKEN_REFRESH`. */
  readonly action: string;
  readonly status: AccessStatus;
  readonly ip: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly requestId: string;
}

/**
 * Stands for the organization in entries about people who are in none, or whom nobody knows, and about what is not
 * there. No reader reaches it.
 */
export const noOrganization = 0;

/** What belongs to no organization is spread over so many partitions: it may be many guesses at once. */
export const shardsOfNoOrganization = 16;

/** What an entry is kept for: days. */
export const accessEntryLifeDays = 400;

/** Actions that no consumption counts: they are about sessions, not calls to the API. */
export const sessionActions: ReadonlySet<string> = new Set(['LOGIN', 'LOGOUT', 'TOKEN_REFRESH']);

/** What a reader of the access log may ask for. Times are inclusive. */
export interface AccessLogQuery {
  readonly start: Timestamp;
  readonly end: Timestamp;
  /** Any of these: the spellings of one name. */
  readonly users?: readonly string[] | undefined;
  readonly action?: string | undefined;
  readonly status?: AccessStatus | undefined;
  readonly limit: number;
  /** From the page before. */
  readonly cursor?: string | undefined;
}

/** Entries, newest first, and where the next page begins. */
export interface AccessLogPage {
  readonly entries: readonly AccessEntry[];
  readonly cursor: string | undefined;
}
