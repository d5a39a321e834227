import { defineJob } from '../../shared/http/define-job.ts';
import { emptyDeadLetters } from '../../shared/runtime/dead-letters.ts';
import { deliverMail } from '../../shared/runtime/deliver-mail.ts';
import { backgroundWith } from '../../shared/runtime/run-in-background.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { dueMails } from '../../shared/runtime/stores.ts';

/**
 * Sends what a mailer that was dead for long has left: every mail that was asked for and never taken, whether its stream
 * record is in the dead-letter queue, on the way there, or gone. Then nothing in that queue is of use any more.
 */
export const job = defineJob({
  name: 'redrive-mail',
  summary: 'Send the mails that a dead mailer has left',
  redrives: 'mailer',
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  mail: true,
  timeoutSeconds: 900,
});

const inBackground = backgroundWith({ dueMails });

/** Answers how many mails were sent, and how many were not due any more. @throws when some cannot be sent yet */
export const handler = async () => {
  const { stores, logger } = servicesWith({ dueMails });
  let sent = 0;
  let settled = 0;
  let failed = 0;
  for await (const mail of stores.dueMails.all()) {
    try {
      if (await deliverMail(mail)) {
        sent += 1;
        continue;
      }
      settled += 1;
      await inBackground(job.name, async (work) => work.stores.dueMails.settle(work.changes, mail));
    } catch (error) {
      failed += 1;
      // No message of SES's: it may name the address.
      logger.error({ job: job.name, kind: mail.kind, id: mail.id, cause: error instanceof Error ? error.name : '' });
    }
  }
  if (failed > 0) throw new Error(`${failed} mails could not be sent; ${sent} were. Run the job again.`);
  await emptyDeadLetters();
  return { sent, settled };
};
