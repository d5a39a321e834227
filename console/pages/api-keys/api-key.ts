import type { AnswerOf } from '../../../shared/client/client.ts';

/** An API key, without its secret. */
export type ApiKey = AnswerOf<'hierarchy.api_key.list'>[number];
