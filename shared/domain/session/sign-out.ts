import { type Caller, requireSession } from '../access/caller.ts';
import type { Work } from '../work.ts';
import { logSessionAction, type SessionAction } from './log-session-action.ts';

/** Ends the caller's session. @throws `forbidden` for a credential */
export async function signOut(work: Work, caller: Caller, request: SessionAction['request']): Promise<void> {
  const { user, session } = requireSession(caller);
  work.stores.sessions.end(work.changes, user.id, session.id);
  await logSessionAction(work, { action: 'LOGOUT', status: 'SUCCESS', email: user.email, userId: user.id, request });
}
