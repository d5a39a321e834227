import { test } from 'vitest';
import { openWalk } from '../support/walk.ts';

test('every job that nobody has to tell anything runs', async () => {
  const walk = await openWalk();
  const named = { organization: walk.organization };
  await walk.take('platform-wallet-credit', named, walk.asAdministrator({ amount: 1 }));
  for (const { job } of walk.registry.jobs) {
    // Queues refuse what does not come by TLS, which a rehearsal has none of: there the redriver is denied its queue.
    const isDenied = process.env.TENANTRY_REHEARSED !== undefined && job.redrives !== undefined;
    if (job.name !== 'bootstrap' && !job.hearsMailEvents && !isDenied) await walk.stack.runJob(job.name);
  }
});
