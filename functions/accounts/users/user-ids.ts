import * as z from 'zod/mini';
import { roleNames } from '../../../shared/domain/access/roles.ts';
import { DomainError, invalidField } from '../../../shared/domain/errors.ts';
import { type Identified, readIdentifier } from '../../../shared/domain/identifiers.ts';

/** How many users one request may name. */
const userIdsMax = 25;

/** Undefined for what is no spelling of an id. One that cannot be anybody's is as good as that of nobody. */
function readUser(spelled: string | number): Identified | undefined {
  const read = readIdentifier('user', spelled);
  if (read === 'malformed') return undefined;
  return { id: read === 'unknown' ? undefined : read.id, spelled };
}

const users = z.pipe(
  z.array(z.union([z.string(), z.number()])).check(z.minLength(1), z.maxLength(userIdsMax)),
  z.transform((spellings, context) => {
    const read = spellings.map(readUser);
    for (const [at, user] of read.entries()) {
      if (user) continue;
      context.issues.push({ code: 'custom', input: spellings[at], path: [at], message: 'Not an id of any user.' });
    }
    const named = read.filter((user) => user !== undefined);
    if (withoutDuplicates(named).length < named.length) {
      context.issues.push({ code: 'custom', input: spellings, message: 'Name every user once.' });
    }
    return named;
  }),
);

function withoutDuplicates(named: readonly Identified[]): Identified[] {
  return [...new Map(named.map((user) => [user.id ?? user.spelled, user])).values()];
}

/** What is to become of which users. */
export const UsersWish = z.strictObject({ is_active: z.boolean(), role: z.enum(roleNames), user_ids: users });

/** The ids in a path, separated by commas. @throws `member_not_found` naming what is no id; `invalid_request` */
export function readUserIdList(list: string): Identified[] {
  const spellings = list.split(',').map((spelled) => spelled.trim());
  if (spellings.length > userIdsMax) throw invalidField('user_ids', `Must have at most ${userIdsMax} entries.`);
  if (spellings.includes(''))
    throw new DomainError('member_not_found', { message: 'An id is missing beside a comma.' });
  const read = spellings.map((spelled) => ({ spelled, user: readUser(spelled) }));
  const malformed = read.filter(({ user }) => user === undefined).map(({ spelled }) => spelled);
  if (malformed.length > 0) {
    throw new DomainError('member_not_found', { message: `There is no such member: ${malformed.join(', ')}.` });
  }
  return withoutDuplicates(read.map(({ user }) => user).filter((user) => user !== undefined));
}
