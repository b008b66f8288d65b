import { statement } from '@platform/database';

/** An authenticator as it is stored. */
export interface FactorRow {
  sealed_secret: string;
  confirmed_at: Date | string | null;
}

export const FIND = statement(
  'auth.find_second_factor',
  'SELECT sealed_secret, confirmed_at FROM second_factors WHERE user_id = :user_id',
);

/** Touches no row while a factor is in force. */
export const BEGIN = statement(
  'auth.begin_second_factor',
  `INSERT INTO second_factors (user_id, sealed_secret, created_at) VALUES (:user_id, :sealed_secret, :now)
   ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, created_at = excluded.created_at,
     last_step = NULL
     WHERE second_factors.confirmed_at IS NULL`,
);

/** Only the secret whose code was seen. */
export const CONFIRM = statement(
  'auth.confirm_second_factor',
  `UPDATE second_factors SET confirmed_at = :now, last_step = :step
   WHERE user_id = :user_id AND sealed_secret = :sealed_secret AND confirmed_at IS NULL`,
);

/** Of two that show one code at once, one gets it; an older code than the last is refused (RFC 6238 §5.2). */
export const ACCEPT_STEP = statement(
  'auth.accept_totp_step',
  `UPDATE second_factors SET last_step = :step
   WHERE user_id = :user_id AND sealed_secret = :sealed_secret AND confirmed_at IS NOT NULL
     AND (last_step IS NULL OR last_step < :step)`,
);

export const REMOVE = statement('auth.remove_second_factor', 'DELETE FROM second_factors WHERE user_id = :user_id');

export const ADD_CODE = statement(
  'auth.add_recovery_code',
  `INSERT INTO recovery_codes (id, user_id, code_hash, created_at) VALUES (:id, :user_id, :code_hash, :now)`,
);

/** Of two that show one code at once, one gets it. */
export const USE_CODE = statement(
  'auth.use_recovery_code',
  `UPDATE recovery_codes SET used_at = :now WHERE user_id = :user_id AND code_hash = :code_hash AND used_at IS NULL`,
);

export const COUNT_CODES = statement(
  'auth.count_recovery_codes',
  'SELECT COUNT(*) AS unused FROM recovery_codes WHERE user_id = :user_id AND used_at IS NULL',
);

export const REMOVE_CODES = statement(
  'auth.remove_recovery_codes',
  'DELETE FROM recovery_codes WHERE user_id = :user_id',
);
