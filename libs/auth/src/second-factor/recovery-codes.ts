import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { deriveKey, hmacHex } from '@platform/crypto';

/** How many a person gets at a time. */
export const RECOVERY_CODES = 10;

/** Crockford's base 32: nothing that is read for something else. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = /.{4}/g;

/** Makes recovery codes of 80 bits, and the fingerprints under which they are kept. */
@Injectable()
export class RecoveryCodes {
  private readonly key: Buffer;

  constructor(core: CoreConfig) {
    this.key = deriveKey(core.secretKey, 'auth:recovery-codes');
  }

  /** Fresh codes such as `7k2m-9qxt-c4nd-0fwr`; the only time that they can be read. */
  make(): string[] {
    return Array.from({ length: RECOVERY_CODES }, () => {
      const letters = Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join('');
      return (letters.match(GROUPS) ?? []).join('-');
    });
  }

  /** The fingerprint of a code as a person types it, for this user alone. */
  fingerprint(userId: string, code: string): string {
    const letters = code.normalize('NFKC').toLowerCase();
    return hmacHex(`${userId}:${letters.replace(/[^0-9a-z]/g, '')}`, this.key);
  }
}
