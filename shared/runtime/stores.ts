/**
 * The stores by the names that they have in `work.stores`. A function names those that its work uses: no others are in
 * its bundle. (`authentication` and `accessLog` come with the pipeline.)
 */
export { attemptStore as attempts } from '../data/attempt-store.ts';
export { auditStore as audit } from '../data/audit-store.ts';
export { avatarStore as avatars } from '../data/avatar-store.ts';
export { consumptionStore as consumption } from '../data/consumption-store.ts';
export { credentialStore as credentials } from '../data/credential-store.ts';
export { dueMailStore as dueMails } from '../data/due-mail-store.ts';
export { invitationListStore as invitationList } from '../data/invitation-list-store.ts';
export { invitationStore as invitations } from '../data/invitation-store.ts';
export { linkStore as links } from '../data/link-store.ts';
export { memberListStore as memberLists } from '../data/member-list-store.ts';
export { memberStore as members } from '../data/member-store.ts';
export { organizationStore as organizations } from '../data/organization-store.ts';
export { purgeStore as purge } from '../data/purge-store.ts';
export { rollupStore as rollup } from '../data/rollup-store.ts';
export { sessionStore as sessions } from '../data/session-store.ts';
export { usageStore as usage } from '../data/usage-store.ts';
export { userStore as users } from '../data/user-store.ts';
export { walletStore as wallets } from '../data/wallet-store.ts';
export { workspaceStore as workspaces } from '../data/workspace-store.ts';
