import type { Changes } from '../changes.ts';
import type { Timestamp } from '../timestamp.ts';

/** An avatar that its organization does not show any more. */
export interface UnusedAvatar {
  readonly organizationId: number;
  /** As the organization had it: `Organization.avatarUrl`. */
  readonly path: string;
  readonly since: Timestamp;
}

export interface AvatarStore {
  note(changes: Changes, avatar: UnusedAvatar): void;
  unused(): AsyncIterable<UnusedAvatar>;
  /** Forgets an avatar that is removed, or shown again. */
  forget(changes: Changes, avatar: Pick<UnusedAvatar, 'path'>): void;
}
