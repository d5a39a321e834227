import * as z from 'zod/mini';
import { bootstrapAdministrator } from '../../shared/domain/user/bootstrap-administrator.ts';
import { defineJob } from '../../shared/http/define-job.ts';
import { emailAddress } from '../../shared/http/fields.ts';
import { backgroundWith } from '../../shared/runtime/run-in-background.ts';
import { attempts, links, users } from '../../shared/runtime/stores.ts';

/** Makes the first platform administrator. No HTTP route reaches it: whoever may invoke functions may run it. */
export const job = defineJob({
  name: 'bootstrap',
  summary: 'Make a platform administrator',
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem'] },
  timeoutSeconds: 30,
});

/** A password is one that a program has made, so it need not look as if a person had. */
const runInBackground = backgroundWith({ attempts, links, users });

const Order = z.strictObject({
  email: emailAddress,
  password: z.optional(z.string().check(z.minLength(16), z.maxLength(128))),
});

/** Takes `{ email, password? }`, answers `{ email, created }`. */
export const handler = (event: unknown) => {
  const order = Order.parse(event);
  return runInBackground('bootstrap', (work) => bootstrapAdministrator(work, order));
};
