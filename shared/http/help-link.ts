import type { DomainErrorCode } from '../domain/errors.ts';

/** The `Link` header from a refusal to the page that explains it. */
export function helpLink(consoleUrl: string, code: DomainErrorCode): { readonly link: string } {
  return { link: `<${consoleUrl}/docs/errors/${code}>; rel="help"` };
}
