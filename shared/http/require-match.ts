import { DomainError } from '../domain/errors.ts';
import { acceptedVersions } from './respond.ts';

/** Holds an `If-Match` header, where there is one, against what was read. @throws `precondition_failed` */
export function requireMatch(ifMatch: string | undefined, { version }: { readonly version: number }): void {
  if (ifMatch === undefined) return;
  const accepted = acceptedVersions(ifMatch);
  if (accepted !== 'any' && !accepted.has(version)) throw new DomainError('precondition_failed');
}
