import { hash } from 'node:crypto';

/**
 * Opaque tokens: a prefix, the owner's ids (so that one read finds everything), a secret, and a checksum, so that
 * garbage is refused without a read. Of the secret only a hash is ever stored.
 */

/** How many ids a token carries, and how many random bytes. */
const forms = {
  /** Session: user, session. */
  st: { ids: 2, secretBytes: 32 },
  /** Refresh: user, session. The secret is the session's family (16 bytes) and the generation (32). */
  rt: { ids: 2, secretBytes: 48 },
  /** API key: organization, credential, maker. */
  ak: { ids: 3, secretBytes: 32 },
  /** Client-ID: organization, credential, maker. */
  id: { ids: 3, secretBytes: 0 },
  /** Client-Secret. */
  sk: { ids: 0, secretBytes: 32 },
  /** Invitation: organization, invitation. */
  it: { ids: 2, secretBytes: 32 },
  /** Mailed link: link, user; the link once more where there is no user yet. */
  lt: { ids: 2, secretBytes: 32 },
} as const;

export type TokenPrefix = keyof typeof forms;

const idBytes = 7;
const checksumBytes = 4;

/** How many random bytes a token of this prefix takes. */
export function secretBytesOf(prefix: TokenPrefix): number {
  return forms[prefix].secretBytes;
}

/** What a token carries. */
export interface TokenContent {
  readonly ids: readonly number[];
  readonly secret: Buffer;
}

/** Writes a token. `ids` and `secret` must have the form of the prefix. */
export function writeToken(prefix: TokenPrefix, { ids, secret }: TokenContent): string {
  const form = forms[prefix];
  if (ids.length !== form.ids || secret.length !== form.secretBytes) throw new TypeError(`Not a ${prefix}_ token.`);
  const numbers = Buffer.from(ids.map((id) => id.toString(16).padStart(idBytes * 2, '0')).join(''), 'hex');
  const payload = Buffer.concat([numbers, secret]);
  return `${prefix}_${Buffer.concat([payload, checksum(prefix, payload)]).toString('base64url')}`;
}

/** Reads a token of one prefix; undefined for everything that `writeToken` cannot have written. */
export function readToken(prefix: TokenPrefix, token: string): TokenContent | undefined {
  const form = forms[prefix];
  if (!token.startsWith(`${prefix}_`)) return undefined;
  const text = token.slice(prefix.length + 1);
  const bytes = Buffer.from(text, 'base64url');
  const payloadBytes = form.ids * idBytes + form.secretBytes;
  if (bytes.length !== payloadBytes + checksumBytes || bytes.toString('base64url') !== text) return undefined;
  const payload = bytes.subarray(0, payloadBytes);
  if (!checksum(prefix, payload).equals(bytes.subarray(payloadBytes))) return undefined;
  const ids = Array.from({ length: form.ids }, (_, at) =>
    Number.parseInt(payload.toString('hex', at * idBytes, (at + 1) * idBytes), 16),
  );
  if (!ids.every((id) => Number.isSafeInteger(id) && id > 0)) return undefined;
  return { ids, secret: payload.subarray(form.ids * idBytes) };
}

function checksum(prefix: TokenPrefix, payload: Buffer): Buffer {
  const digest = hash('sha256', Buffer.concat([Buffer.from(prefix), payload]), 'buffer');
  return digest.subarray(0, checksumBytes);
}

/** The form in which a secret is stored: SHA-256, in base64url. Enough for secrets of 128 random bits and more. */
export function hashSecret(secret: Buffer): string {
  return hash('sha256', secret, 'base64url');
}
