import { askAgain } from '../../shared/domain/mail/ask-again.ts';
import { defineJob } from '../../shared/http/define-job.ts';
import { emptyDeadLetters } from '../../shared/runtime/dead-letters.ts';
import { backgroundWith } from '../../shared/runtime/run-in-background.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { dueMails, invitations, links } from '../../shared/runtime/stores.ts';

/**
 * Has the mailer send what it has left while it was dead for long: every mail that was asked for and never taken, whether
 * its stream record is in the dead-letter queue, on the way there, or gone. Then nothing in that queue is of use any more.
 */
export const job = defineJob({
  name: 'redrive-mail',
  summary: 'Ask again for the mails that a dead mailer has left',
  redrives: 'mailer',
  table: { actions: ['BatchGetItem', 'Query', 'UpdateItem'] },
  timeoutSeconds: 900,
});

const inBackground = backgroundWith({ invitations, links });

/** Answers how many mails are due still and were asked for again. */
export const handler = async () => {
  let asked = 0;
  for await (const mail of servicesWith({ dueMails }).stores.dueMails.all()) {
    if (await inBackground(job.name, (work) => askAgain(work, mail))) asked += 1;
  }
  await emptyDeadLetters();
  return { asked };
};
