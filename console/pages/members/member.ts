import type { AnswerOf } from '../../../shared/client/client.ts';

/** A member as they are listed. */
export type Member = AnswerOf<'accounts.user.list'>['content'][number];
