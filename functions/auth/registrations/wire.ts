import * as z from 'zod/mini';

/** What is said to everybody who asks for a mail: whether one is sent, only its reader learns. */
export const MailRequested = z.object({ message: z.string() });

export const mailRequested: z.output<typeof MailRequested> = {
  message: 'If the address can be used for this, a mail is on its way.',
};
