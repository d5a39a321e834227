import type { AuthenticationStore } from './access/authentication-store.ts';
import type { AccessLogStore } from './access-log/access-log-store.ts';
import type { AttemptStore } from './attempts/attempt-store.ts';
import type { AuditStore } from './audit/audit-store.ts';
import type { ConsumptionStore } from './consumption/consumption-store.ts';
import type { RollupStore } from './consumption/rollup-store.ts';
import type { CredentialStore } from './credential/credential-store.ts';
import type { InvitationListStore } from './invitation/invitation-list-store.ts';
import type { InvitationStore } from './invitation/invitation-store.ts';
import type { LinkStore } from './link/link-store.ts';
import type { DueMailStore } from './mail/due-mail-store.ts';
import type { MemberListStore } from './member/member-list-store.ts';
import type { MemberStore } from './member/member-store.ts';
import type { AvatarStore } from './organization/avatar-store.ts';
import type { OrganizationStore } from './organization/organization-store.ts';
import type { PurgeStore } from './purge/purge-store.ts';
import type { SessionStore } from './session/session-store.ts';
import type { UsageStore } from './usage/usage-store.ts';
import type { UserStore } from './user/user-store.ts';
import type { WalletStore } from './wallet/wallet-store.ts';
import type { WorkspaceStore } from './workspace/workspace-store.ts';

/** All that is kept, as the domain asks for it. Reads see every write that was acknowledged before. */
export interface Stores {
  readonly authentication: AuthenticationStore;
  readonly organizations: OrganizationStore;
  readonly members: MemberStore;
  readonly memberLists: MemberListStore;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly credentials: CredentialStore;
  readonly invitations: InvitationStore;
  readonly invitationList: InvitationListStore;
  readonly workspaces: WorkspaceStore;
  readonly wallets: WalletStore;
  readonly avatars: AvatarStore;
  readonly dueMails: DueMailStore;
  readonly links: LinkStore;
  readonly attempts: AttemptStore;
  readonly accessLog: AccessLogStore;
  readonly audit: AuditStore;
  readonly consumption: ConsumptionStore;
  readonly usage: UsageStore;
  readonly rollup: RollupStore;
  readonly purge: PurgeStore;
}
