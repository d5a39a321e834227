import { hourMilliseconds } from '../timestamp.ts';

/** So many mails of a kind go to one address in so long a time: nobody's inbox is flooded through us. */
export const mailLimit = { failuresMax: 20, windowMilliseconds: hourMilliseconds };

/** The same of invitations, which many organizations may send to one address for good reasons. */
export const invitationMailLimit = { failuresMax: 100, windowMilliseconds: hourMilliseconds };
