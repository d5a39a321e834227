import type { Timestamp } from '../timestamp.ts';

/**
 * What an organization has paid in and may still spend. It is kept with the organization, so that every request has it
 * at hand, and is nothing but the sum of its ledger: `entries` says how many entries that is.
 */
export interface Wallet {
  readonly balance: number;
  readonly smsPoints: number;
  readonly entries: number;
  /** When the last entry was made. */
  readonly changedAt: Timestamp;
}

export const emptyWallet: Wallet = { balance: 0, smsPoints: 0, entries: 0, changedAt: 0 };

/** What can be charged for. */
export const chargedServices = ['sms', 'email', 'storage', 'subscription'] as const;

export type Service = (typeof chargedServices)[number];

/** Which way money moves: off the wallet, or into it. */
export const movementTypes = ['charge', 'credit'] as const;

/** The most that one charge or credit may move. */
export const amountMax = 1_000_000_000_000;

/** One movement of a wallet. Entries are never changed; `sequence` counts them from 1 without a gap. */
export interface LedgerEntry {
  readonly id: number;
  readonly organizationId: number;
  readonly sequence: number;
  readonly type: (typeof movementTypes)[number];
  /** Positive, whichever way it goes. */
  readonly amount: number;
  /** Of a charge. */
  readonly service: Service | null;
  /** The points that a charge for `sms` has bought. */
  readonly smsPoint: number | null;
  readonly reason: string | null;
  readonly balanceAfter: number;
  readonly createdById: number;
  /** Never before that of the entry before. */
  readonly createdAt: Timestamp;
}

/** The wallet after one more entry of its ledger. */
export function walletAfter(wallet: Wallet, entry: LedgerEntry): Wallet {
  return {
    balance: wallet.balance + (entry.type === 'credit' ? entry.amount : -entry.amount),
    smsPoints: wallet.smsPoints + (entry.smsPoint ?? 0),
    entries: entry.sequence,
    changedAt: entry.createdAt,
  };
}
