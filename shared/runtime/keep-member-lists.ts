import type { DynamoDBRecord } from 'aws-lambda';
import { keepList, keepLists } from '../data/list-keeper.ts';
import type { MemberOrder } from '../domain/member/member-list-store.ts';
import { describeError } from '../http/describe-error.ts';
import { services } from './services.ts';

/** How often the lists of one organization are begun with while others are at them. */
const beginningsMax = 6;
const pauseMilliseconds = 100;

/**
 * Counts into the lists what has changed in them, and begins to count those of organizations that have become large.
 * A record only says where to look, so one that comes twice changes nothing.
 * @param changes Of lists that are counted.
 * @param joined New members.
 * @returns the records of what failed
 */
export async function keepMemberLists(
  changes: readonly DynamoDBRecord[],
  joined: readonly DynamoDBRecord[],
): Promise<readonly DynamoDBRecord[]> {
  const { table, now } = services();
  const failures: DynamoDBRecord[] = [];
  const image = ({ dynamodb }: DynamoDBRecord) => dynamodb?.NewImage ?? {};
  const byOrganization = Map.groupBy(joined, (record) => Number(image(record).organizationId?.N));
  for (const [organizationId, records] of byOrganization) {
    const isDone = await succeeds(() => keepLists(table, organizationId, now()));
    if (!isDone) failures.push(...records);
  }
  const byList = Map.groupBy(changes, (record) => `${image(record).organizationId?.N} ${image(record).order?.S}`);
  for (const [name, records] of byList) {
    const [organizationId, order] = name.split(' ');
    const list = { organizationId: Number(organizationId), order: order as MemberOrder };
    const moved = records.flatMap((record) => {
      const { added, removed } = image(record);
      return [...(added?.L ?? []), ...(removed?.L ?? [])].flatMap(({ S }) => S ?? []);
    });
    const isDone = await succeeds(() => keepList(table, list, now(), moved));
    if (!isDone) failures.push(...records);
  }
  return failures;
}

async function succeeds(work: () => Promise<void>): Promise<boolean> {
  const { isStaleRead, logger } = services();
  for (let beginning = 1; ; beginning += 1) {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isStaleRead(error) || beginning === beginningsMax) {
        logger.error({ work: 'member lists', cause: describeError(error) });
        return false;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMilliseconds * 2 ** beginning));
  }
}
