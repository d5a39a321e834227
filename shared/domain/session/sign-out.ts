import { type Caller, requireSession } from '../access/caller.ts';
import { ownOrganizationIds } from '../member/own-organization-ids.ts';
import type { Work } from '../work.ts';
import { logSessionAction, type SessionAction } from './log-session-action.ts';

/** Ends the caller's session. @throws `forbidden` for a credential */
export async function signOut(work: Work, caller: Caller, request: SessionAction['request']): Promise<void> {
  const { user, session } = requireSession(caller);
  const organizationIds = await ownOrganizationIds(work, caller);
  work.stores.sessions.end(work.changes, user.id, session.id);
  const { id: userId, email } = user;
  const action = { action: 'LOGOUT', status: 'SUCCESS', email, userId, organizationIds, request } as const;
  work.beside(logSessionAction(work, action));
}
