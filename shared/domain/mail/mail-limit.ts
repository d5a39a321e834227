import { hourMilliseconds } from '../timestamp.ts';

/** So many mails of a kind go to one address in so long a time: nobody's inbox is flooded through us. */
export const mailLimit = { failuresMax: 20, windowMilliseconds: hourMilliseconds };
