import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** How every key begins; scanners of repositories and logs find keys by it. */
export const API_KEY_PREFIX = 'omni_live_';

const RANDOM_BYTES = 26;
const CHECKSUM_BYTES = 4;
// 30 bytes are 40 characters without a bit left over: one key has one spelling.
const FORM = new RegExp(`^${API_KEY_PREFIX}[A-Za-z0-9_-]{40}$`);
/** Characters of the chance that people may see: 36 of 208 bits. */
const SHOWN = 6;

/**
 * A new key: the prefix, then the base64url of 208 bits of chance and their CRC-32 (big-endian; RFC 1952 §8), which also
 * covers the prefix. The checksum is no proof: it lets a mistyped or invented key be refused without a query and a scanner
 * tell a key from a look-alike (after github.blog, "Behind GitHub's new authentication token formats", 2021).
 */
export function newApiKey(): string {
  const random = randomBytes(RANDOM_BYTES);
  return API_KEY_PREFIX + Buffer.concat([random, checksumOf(random)]).toString('base64url');
}

/** Whether the text says that it is a key, good or bad. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith(API_KEY_PREFIX);
}

/** Whether the text has the form of a key and its checksum fits; nothing is known of whose it is. */
export function isWellFormedApiKey(text: string): boolean {
  if (!FORM.test(text)) return false;
  const bytes = Buffer.from(text.slice(API_KEY_PREFIX.length), 'base64url');
  // A checksum is not a secret: whoever has the key can compute it.
  return checksumOf(bytes.subarray(0, RANDOM_BYTES)).equals(bytes.subarray(RANDOM_BYTES));
}

/** How a key is shown in lists: enough to tell it from others, of no use to a finder. */
export function shownPrefix(key: string): string {
  return key.slice(0, API_KEY_PREFIX.length + SHOWN);
}

function checksumOf(random: Uint8Array): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(random, crc32(API_KEY_PREFIX)));
  return checksum;
}
