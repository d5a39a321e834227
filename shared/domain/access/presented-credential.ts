import { DomainError } from '../errors.ts';
import { hashSecret, readToken } from './tokens.ts';

/** A credential as it was presented: well-formed, not yet looked up. */
export type PresentedCredential =
  | { readonly kind: 'session'; readonly userId: number; readonly sessionId: number; readonly secretHash: string }
  | {
      readonly kind: 'credential';
      readonly organizationId: number;
      readonly credentialId: number;
      readonly makerId: number;
      readonly secretHash: string;
    };

/** The headers in which a credential may stand, in lower case. */
export type CredentialHeaders = Readonly<
  Partial<Record<'authorization' | 'x-api-key' | 'client-id' | 'client-secret', string | undefined>>
>;

/**
 * Reads the credential out of the headers; undefined where there is none.
 * @throws `unauthorized` for a malformed one, `ambiguous_credentials` for more than one
 */
export function readCredentialHeaders(headers: CredentialHeaders): PresentedCredential | undefined {
  const { authorization, 'x-api-key': apiKey, 'client-id': clientId, 'client-secret': clientSecret } = headers;
  const service = clientId !== undefined || clientSecret !== undefined;
  const presented = [authorization !== undefined, apiKey !== undefined, service].filter(Boolean).length;
  const isRepeated = [authorization, apiKey, clientId, clientSecret].some((header) => tokensIn(header) > 1);
  if (presented > 1 || isRepeated) throw new DomainError('ambiguous_credentials');
  if (authorization !== undefined) return required(readAuthorization(authorization));
  if (apiKey !== undefined) return required(readApiKey(apiKey.trim()));
  if (service) return required(readServiceAccount(clientId ?? '', clientSecret ?? ''));
  return undefined;
}

/** How many tokens stand in a header: one that was sent twice arrives joined with a comma. */
function tokensIn(header = ''): number {
  return header.split(',').filter((part) => /^\s*(?:\w+\s+)?(?:st|ak|id|sk)_/.test(part)).length;
}

function required(credential: PresentedCredential | undefined): PresentedCredential {
  if (!credential) throw new DomainError('unauthorized');
  return credential;
}

function readAuthorization(header: string): PresentedCredential | undefined {
  const [, scheme = '', token = ''] = /^\s*(bearer|accesskey)\s+(\S+)\s*$/i.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return readSession(token) ?? readApiKey(token);
  return readApiKey(token);
}

function readSession(token: string): PresentedCredential | undefined {
  const content = readToken('st', token);
  const [userId, sessionId] = content?.ids ?? [];
  if (!content || userId === undefined || sessionId === undefined) return undefined;
  return { kind: 'session', userId, sessionId, secretHash: hashSecret(content.secret) };
}

function readApiKey(token: string): PresentedCredential | undefined {
  const content = readToken('ak', token);
  return content && credentialOf(content.ids, content.secret);
}

function readServiceAccount(clientId: string, clientSecret: string): PresentedCredential | undefined {
  const id = readToken('id', clientId.trim());
  const secret = readToken('sk', clientSecret.trim());
  return id && secret && credentialOf(id.ids, secret.secret);
}

function credentialOf(ids: readonly number[], secret: Buffer): PresentedCredential | undefined {
  const [organizationId, credentialId, makerId] = ids;
  if (organizationId === undefined || credentialId === undefined || makerId === undefined) return undefined;
  return { kind: 'credential', organizationId, credentialId, makerId, secretHash: hashSecret(secret) };
}
