import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from './digests';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Text that is stored or sent and read by nobody else: AES-256-GCM (NIST SP 800-38D) under a key of its own purpose.
 * Bound to a context, so that the sealed secret of one row opens in no other.
 */
export class SealedText {
  private readonly key: Buffer;

  /** @param purpose such as `totp`; each has its own key */
  constructor(secretKey: string, purpose: string) {
    this.key = deriveKey(secretKey, `sealed-text:${purpose}`);
  }

  /** base64url of nonce, tag and ciphertext. */
  seal(text: string, context = ''): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** The text, or null when it was not sealed with this key, for this purpose and context. */
  open(sealed: string, context = ''): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
    const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }
}
