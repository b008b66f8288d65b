import { createHmac } from 'node:crypto';
import { constantTimeEqual, deriveKey } from './digests';

/** Half of SHA-256: 128 bits, which RFC 2104 §5 allows. */
const TAG_BYTES = 16;

/**
 * Text that comes back from a client as it left: readable, url-safe, not to be forged. Bound to a purpose, and to a
 * context if one is given, so that a cursor of one list is refused by another.
 */
export class SignedText {
  private readonly key: Buffer;

  /** @param purpose such as `cursor`; each has its own key */
  constructor(secretKey: string, purpose: string) {
    this.key = deriveKey(secretKey, `signed-text:${purpose}`);
  }

  /** `<text, base64url>.<tag, base64url>`. */
  sign(text: string, context = ''): string {
    return `${Buffer.from(text).toString('base64url')}.${this.tag(text, context)}`;
  }

  /** The text, or null when the token was not signed with this key, for this purpose and context. */
  open(token: string, context = ''): string | null {
    const dot = token.indexOf('.');
    if (dot === -1) return null;
    const text = Buffer.from(token.slice(0, dot), 'base64url').toString();
    // Signing again and comparing whole tokens refuses other spellings of the same base64 too.
    return constantTimeEqual(this.sign(text, context), token) ? text : null;
  }

  private tag(text: string, context: string): string {
    // The length keeps 'ab' + 'c' apart from 'a' + 'bc'.
    const mac = createHmac('sha256', this.key).update(`${context.length}:${context}${text}`).digest();
    return mac.subarray(0, TAG_BYTES).toString('base64url');
  }
}
