import { beforeAll, describe, expect, test } from 'vitest';
import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import { storedInvitationStatuses } from '../../shared/domain/invitation/invitation.ts';
import {
  type InvitationStep,
  invitationStep,
  invitationSteps,
} from '../../shared/domain/invitation/invitation-steps.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { services } from '../support/all-services.ts';
import { tableUnderTest } from '../support/api-under-test.ts';
import { anInvitation } from '../support/invitations.ts';
import { anOrganization, somebody } from '../support/people-and-organizations.ts';

await tableUnderTest();
let organization: Organization;
let addresses = 0;

beforeAll(async () => {
  organization = await anOrganization(await somebody());
});

const now = Date.now();
const tenant = () => tenantWithoutCaller(organization.id);
const get = (id: number) => services().stores.invitations.get(tenant(), id);

async function take(step: InvitationStep, read: NonNullable<Awaited<ReturnType<typeof get>>>, set = {}) {
  const changes = services().openChanges({ email: 'test@example.com', credentialId: null });
  services().stores.invitations.move(changes, tenant(), read, step, now, 'invitation_not_pending', set);
  await services().commit(changes, { requestId: `test-${services().newId()}`, ip: '', now });
}

async function stored(of: object) {
  addresses += 1;
  const { invitation } = await anInvitation(organization, `step-${addresses}@example.com`, ['VIEWER'], of);
  return invitation;
}

describe.each(Object.keys(invitationSteps) as InvitationStep[])('%s', (step) => {
  const { from, to, time } = invitationStep(step);

  test.each(storedInvitationStatuses)('of one that is %s is taken only where the list has it', async (status) => {
    for (const [when, expiresAt] of [
      ['left', now + 60_000],
      ['over', now],
    ] as const) {
      const invitation = await stored({ status, expiresAt });
      if (from.includes(status) && (time === undefined || time === when)) {
        await take(step, invitation);
        expect(await get(invitation.id)).toMatchObject({ status: to });
      } else {
        await expect(take(step, invitation)).rejects.toMatchObject({ code: 'invitation_not_pending' });
        expect(await get(invitation.id)).toEqual(invitation);
      }
    }
  });

  test('is refused where another mail or token has come between', async () => {
    for (const changed of [{ mailNumber: 2 }, { tokenHash: 'another' }, { tokenHash: null }]) {
      const [status = 'pending'] = from;
      const expiresAt = time === 'over' ? now : now + 60_000;
      const invitation = await stored({ status, expiresAt });
      const stale = { ...invitation, ...changed };
      await expect(take(step, stale)).rejects.toMatchObject({ code: 'invitation_not_pending' });
    }
  });
});
