import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Work } from '../work.ts';

/**
 * Passwords are kept as argon2id hashes in PHC form, `$argon2id$v=19$m=19456,t=2,p=1$<nonce>$<hash>`. Before hashing
 * they are NFKC-normalized, so that one password typed on two keyboards is one password.
 */

/** Memory in KiB, passes and lanes: OWASP's recommendation. Hashes with others are renewed at the next sign-in. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1 } as const;

const nonceBytes = 16;
const tagBytes = 32;

const phcForm = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/-]+)\$([\w+/-]+)$/;

/** What is hashed in place of a password that nobody has, so that it takes as long. */
const nobodysPassword = `$argon2id$v=19$${parametersText(parameters)}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

const derive = promisify(argon2);

function tagOf(password: string, nonce: Buffer, { memory, passes, parallelism }: Parameters): Promise<Buffer> {
  const message = password.normalize('NFKC');
  return derive('argon2id', { message, nonce, parallelism, memory, passes, tagLength: tagBytes });
}

function parametersText({ memory, passes, parallelism }: Parameters): string {
  return `m=${memory},t=${passes},p=${parallelism}`;
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');

/** The hash under which a password is kept. */
export async function hashPassword(password: string, randomBytes: Work['randomBytes']): Promise<string> {
  const nonce = randomBytes(nonceBytes);
  const tag = await tagOf(password, nonce, parameters);
  return `$argon2id$v=19$${parametersText(parameters)}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** Whether the password is the one that was kept. Without one (`null`) it never is, which takes as long to say. */
export async function verifyPassword(password: string, kept: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', tag = ''] = phcForm.exec(kept ?? nobodysPassword) ?? [];
  if (tag === '') throw new TypeError('A stored password is not in PHC form.');
  const found = await tagOf(password, Buffer.from(nonce, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  const expected = Buffer.from(tag, 'base64');
  return expected.length === found.length && timingSafeEqual(found, expected) && kept !== null;
}

/** Whether a kept hash was made with other parameters than today's. */
export function isOutdated(kept: string): boolean {
  return !kept.includes(`$${parametersText(parameters)}$`);
}
