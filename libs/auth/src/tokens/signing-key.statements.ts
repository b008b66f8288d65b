import { statement } from '@platform/database';

/** A key as the statement below gives it. */
export interface SigningKeyRow {
  kid: string;
  public_jwk: unknown;
  sealed_private_jwk: string;
  signs_from: Date | string;
  retires_at: Date | string | null;
}

/** A handful at most; the one that signs stands before those that it follows. */
export const TRUSTED = statement(
  'auth.trusted_signing_keys',
  `SELECT kid, public_jwk, sealed_private_jwk, signs_from, retires_at FROM signing_keys
   WHERE retires_at IS NULL OR retires_at > :now ORDER BY signs_from DESC, kid DESC`,
);

export const ADD = statement(
  'auth.add_signing_key',
  `INSERT INTO signing_keys (kid, public_jwk, sealed_private_jwk, created_at, signs_from)
   VALUES (:kid, :public_jwk, :sealed_private_jwk, :now, :signs_from)`,
);

/** An earlier end that is planned already stays. */
export const RETIRE_OTHERS = statement(
  'auth.retire_other_signing_keys',
  `UPDATE signing_keys SET retires_at = :at WHERE kid <> :kid AND (retires_at IS NULL OR retires_at > :at)`,
);

export const PURGE = statement('auth.purge_signing_keys', `DELETE FROM signing_keys WHERE retires_at <= :now`);
