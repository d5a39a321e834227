import * as z from 'zod/mini';
import { queryInteger } from '../../shared/http/fields.ts';

/** The query of a page-numbered list. */
export const PageQuery = {
  page: queryInteger(1, Number.MAX_SAFE_INTEGER, 1),
  per_page: queryInteger(1, 100, 15),
};

/** What a page-numbered list says of itself beside its entries. */
export const Pagination = z.object({ page: z.int(), perPage: z.int(), total: z.int(), totalPages: z.int() });

export function toPagination(page: number, perPage: number, total: number): z.output<typeof Pagination> {
  return { page, perPage, total, totalPages: Math.ceil(total / perPage) };
}
