import type { RepeatedRequest } from './load-client.ts';

/** How those who are compared are set up. */
export interface PeerOptions {
  /** Empty at first; for all that is installed and kept. */
  readonly folder: string;
  /** How many people call in turn, each the owner of an organization: nobody makes thousands of them alone. */
  readonly callers: number;
  /** Members of each large organization. */
  readonly sizes: readonly number[];
  /** Whether data is kept in files; else in memory. */
  readonly onDisk: boolean;
}

/** What all who are compared can be asked for. */
export interface PeerRequests {
  /** 25 members, and how many there are, of the large organization at this place of `sizes`. */
  readonly list: (size: number) => readonly RepeatedRequest[];
  readonly read: readonly RepeatedRequest[];
  readonly create: readonly RepeatedRequest[];
  readonly invite: readonly RepeatedRequest[];
}

/** One of those who are compared, running. */
export interface Peer {
  readonly requests: PeerRequests;
  /** Its processes, by what they do; who is compared with whom is at the mercy of two processors, what they take is not. */
  readonly processes: Readonly<Record<string, number | undefined>>;
  /** Waits until nothing of what was asked for is still at work behind the answers. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}
