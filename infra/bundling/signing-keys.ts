import type { ModuleEdit } from './edit-modules.ts';

/**
 * Gives the signer's HMACs key objects in place of bytes. Given bytes, Node 24 first finds out by an error, which it
 * throws and catches, that they are no key object: that takes five times as long as the HMAC, and a signature has two.
 */
export const signingKeys: readonly ModuleEdit[] = [
  {
    file: '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Node.js',
    edit: (source) =>
      source
        .replace('import { createHash, createHmac }', 'import { createHash, createHmac, createSecretKey }')
        .replace(
          'createHmac("sha256", toBuffer(this.secret))',
          'createHmac("sha256", createSecretKey(toBuffer(this.secret)))',
        ),
  },
];
