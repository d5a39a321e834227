import { argon2Sync } from 'node:crypto';
import { hashPassword } from '../../../shared/domain/user/password.ts';

const nonce = Buffer.alloc(16, 7);
const hashes = new Map<string, Promise<string>>();

/** The hash of a password, made once in each run. */
export function passwordHashOf(password: string): Promise<string> {
  const hash = hashes.get(password) ?? hashPassword(password, () => nonce);
  hashes.set(password, hash);
  return hash;
}

/** A hash of the password as it was made before the parameters were raised. */
export function outdatedHash(password: string): string {
  const [memory, passes] = [1024, 1];
  const tag = argon2Sync('argon2id', { message: password, nonce, parallelism: 1, memory, passes, tagLength: 32 });
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${text(nonce)}$${text(tag)}`;
}
