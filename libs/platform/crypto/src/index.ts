export { constantTimeEqual, deriveKey, hmacHex, sha256Hex, verifyHmacHex } from './digests';
export { SealedText } from './sealed-text';
export { SignedText } from './signed-text';
export { randomToken, urlSafeToken } from './tokens';
