import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { type BouncedMail, noteBounce } from '../../shared/domain/invitation/note-bounce.ts';
import { defineJob } from '../../shared/http/define-job.ts';
import { backgroundWith } from '../../shared/runtime/run-in-background.ts';
import { invitations, organizations } from '../../shared/runtime/stores.ts';

/** Turns invitations whose mail came back, or was complained about, into bounced ones. */
export const job = defineJob({
  name: 'mail-feedback',
  summary: 'Note the mails that came back',
  hearsMailEvents: true,
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem'] },
  timeoutSeconds: 60,
});

const tag = z.tuple([z.string().check(z.regex(/^[1-9]\d{0,15}$/))]);

/** What SES publishes of a mail, as far as it matters here. What is about another kind of mail does not fit. */
const InvitationEvent = z.object({
  mail: z.object({
    tags: z.object({ kind: z.tuple([z.literal('invitation')]), organization: tag, invitation: tag, mail: tag }),
  }),
  /** SES goes on trying by itself after a transient one. */
  bounce: z.optional(z.object({ bounceType: z.enum(['Permanent', 'Undetermined']) })),
});

const inBackground = backgroundWith({ invitations, organizations });

/** Answers how many events came, and how many invitations they have changed. */
export const handler = async ({ Records }: SNSEvent) => {
  let changed = 0;
  for (const { Sns } of Records) {
    const mail = bouncedMail(Sns.Message);
    if (!mail) continue;
    const isChanged = await inBackground(job.name, (work) => noteBounce(work, mail));
    if (isChanged) changed += 1;
  }
  return { events: Records.length, changed };
};

function bouncedMail(message: string): BouncedMail | undefined {
  const { success, data } = InvitationEvent.safeParse(readJson(message));
  if (!success) return undefined;
  const { organization, invitation, mail } = data.mail.tags;
  return { organizationId: Number(organization[0]), invitationId: Number(invitation[0]), mailNumber: Number(mail[0]) };
}

/** SES begins, once it may publish, with a sentence that is no event and no JSON. */
function readJson(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
