import type { Work } from '../work.ts';
import { type LinkPurpose, linkLifeMilliseconds } from './link.ts';

/** Asks for a mail with a link to this address, without looking whether anybody has it. */
export function requestLink({ stores, changes, newId, now }: Work, email: string, purpose: LinkPurpose): void {
  stores.links.request(changes, {
    ...purpose,
    id: newId(),
    email,
    mailDue: 1,
    tokenHash: null,
    createdAt: now,
    linkExpiresAt: now + linkLifeMilliseconds[purpose.purpose],
  });
}
