import type { DynamoDBRecord } from 'aws-lambda';
import { finishIdentityChange } from '../domain/user/copy-identity.ts';
import { describeError } from '../http/describe-error.ts';
import { servicesWith } from './services.ts';
import { members, organizations, sessions, users } from './stores.ts';

/**
 * Brings the memberships of people whose name, address or state has changed up to date, where that is still due, one
 * after the other. Answers the records that failed: the first, and those behind it that were not tried.
 */
export async function carryIdentities(records: readonly DynamoDBRecord[]): Promise<DynamoDBRecord[]> {
  const { stores, openChanges, commit, logger, now } = servicesWith({ members, organizations, sessions, users });
  for (const [at, { dynamodb }] of records.entries()) {
    try {
      await finishIdentityChange(stores, Number(dynamodb?.NewImage?.id?.N), async (request, write) => {
        const changes = openChanges({ email: request.authorEmail, credentialId: request.authorCredentialId });
        write(changes);
        const { requestId, ip, at } = request;
        await commit(changes, { requestId, ip, now: at, countedAt: now() });
      });
    } catch (error) {
      logger.error({ work: 'carry identities', cause: describeError(error) });
      return records.slice(at);
    }
  }
  return [];
}
