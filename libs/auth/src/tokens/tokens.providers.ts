import { AccessTokens } from './access-token';
import { AccessTokenReader } from './access-token.reader';
import { AccessTokenVerifier } from './access-token.verifier';
import { KeyRing } from './key-ring';
import { SigningKeyRepository } from './signing-key.repository';
import { SigningKeysService } from './signing-keys.service';
import { VerifiedTokens } from './verified-tokens';

/** Our own access tokens, and the keys that sign them. */
export const TOKENS = [
  ...[SigningKeyRepository, KeyRing, SigningKeysService],
  ...[VerifiedTokens, AccessTokens, AccessTokenVerifier, AccessTokenReader],
];
