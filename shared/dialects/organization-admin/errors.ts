import type { DomainErrorCode } from '../../domain/errors.ts';

/** The refusals that the published page words itself; of all others it says what the domain says. */
export const publishedSentences: Partial<Record<DomainErrorCode, string>> = {
  unauthorized: 'Unauthorized. Valid Client-ID and Client-Secret required.',
  internal: 'Server error. An error occurred while processing the request.',
};
