import { type InvitationStatus, unansweredStatuses } from './invitation.ts';

/** One way in which an invitation moves on. */
interface Step {
  readonly from: readonly InvitationStatus[];
  readonly to: InvitationStatus;
  /** Whether its seven days must still run, or must be over; absent where it does not matter. */
  readonly time?: 'left' | 'over';
  /** What has happened, for docs/invitations.md. */
  readonly because: string;
}

/**
 * The life of an invitation, all of it: the conditions of every write that moves an invitation, and the drawing in
 * docs/invitations.md, are made of this list.
 */
export const invitationSteps = {
  mint: { from: ['pending'], to: 'pending', because: 'the mailer has minted a token for the mail that is due' },
  redrive: { from: ['pending'], to: 'pending', because: 'an operator has the mailer called again for the mail' },
  send: { from: ['pending'], to: 'sent', because: 'SES took the mail' },
  bounce: { from: ['pending', 'sent'], to: 'bounced', because: 'the mail came back, or was complained about' },
  renew: { from: unansweredStatuses, to: 'pending', because: 'invited again or resent: the old token is dead' },
  accept: { from: unansweredStatuses, to: 'accepted', time: 'left', because: 'the holder of the token joined' },
  revoke: { from: unansweredStatuses, to: 'revoked', because: 'somebody who may invite took it back' },
  lapse: {
    from: unansweredStatuses,
    to: 'expired',
    time: 'over',
    because: 'its address was invited anew after its time',
  },
} as const satisfies Record<string, Step>;

export type InvitationStep = keyof typeof invitationSteps;

/** A step by its name, without the precision of the list's own type. */
export function invitationStep(name: InvitationStep): Step {
  return invitationSteps[name];
}
