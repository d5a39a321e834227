import type { Changes } from '../changes.ts';
import type { Session } from './session.ts';

export interface SessionStore {
  get(userId: number, id: number): Promise<Session | undefined>;
  create(changes: Changes, session: Session): void;
  /** Replaces what a refresh replaces; a session that has changed or ended meanwhile begins the request anew. */
  refresh(changes: Changes, before: Session, after: Session): void;
  /** Lets a session live on in another epoch; one that has ended meanwhile begins the request anew. */
  setEpoch(changes: Changes, session: Session, epoch: number): void;
  end(changes: Changes, userId: number, id: number): void;
  /** Ends a session whatever becomes of the request. */
  endAtOnce(userId: number, id: number): Promise<void>;
}
