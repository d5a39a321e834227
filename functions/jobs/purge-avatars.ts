import * as z from 'zod/mini';
import { dayMilliseconds, secondMilliseconds } from '../../shared/domain/timestamp.ts';
import { defineJob } from '../../shared/http/define-job.ts';
import { deleteAvatar } from '../../shared/runtime/avatar-objects.ts';
import { backgroundWith } from '../../shared/runtime/run-in-background.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { avatars, organizations } from '../../shared/runtime/stores.ts';

/** Removes the avatars that nobody shows any more, or ever showed. Any number of runs do no harm. */
export const job = defineJob({
  name: 'purge-avatars',
  summary: 'Remove avatars that were replaced',
  schedule: 'cron(30 4 * * ? *)',
  avatars: 'delete',
  table: { actions: ['BatchGetItem', 'Query', 'DeleteItem'] },
  timeoutSeconds: 900,
});

const inBackground = backgroundWith({ avatars });

/** For a day an avatar that was replaced is still there: pages that are open show it, and uploads come to their end. */
const Order = z.object({
  olderThanSeconds: z._default(z.number().check(z.gte(0)), dayMilliseconds / secondMilliseconds),
});

/** Answers how many were removed, and how many are shown after all. */
export const handler = async (event: unknown) => {
  const { stores, now } = servicesWith({ avatars, organizations });
  const replacedBefore = now() - Order.parse(event ?? {}).olderThanSeconds * secondMilliseconds;
  let removed = 0;
  let shown = 0;
  for await (const avatar of stores.avatars.unused()) {
    if (avatar.since > replacedBefore) continue;
    const [organization] = await stores.organizations.getManyEvenIfDeleted([avatar.organizationId]);
    const isShown = organization?.avatarUrl === avatar.path;
    if (!isShown) await deleteAvatar(avatar.path.slice(1));
    await inBackground(job.name, async (work) => work.stores.avatars.forget(work.changes, avatar));
    if (isShown) shown += 1;
    else removed += 1;
  }
  return { removed, shown };
};
