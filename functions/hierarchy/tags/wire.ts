import * as z from 'zod/mini';
import { lineOfText } from '../../../shared/http/fields.ts';

/** Distinct words that an organization is found or sorted by. */
export const Tags = z.array(lineOfText(1, 64)).check(
  z.maxLength(50),
  z.refine((tags) => new Set(tags).size === tags.length, 'Every tag may stand once.'),
);
