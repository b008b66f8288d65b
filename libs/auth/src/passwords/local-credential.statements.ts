import { statement } from '@platform/database';

export const ADD = statement(
  'auth.add_local_credential',
  `INSERT INTO local_credentials (user_id, password_hash, created_at, updated_at)
   VALUES (:user_id, :password_hash, :now, :now)`,
);

export const SET = statement(
  'auth.set_local_credential',
  `INSERT INTO local_credentials (user_id, password_hash, created_at, updated_at)
   VALUES (:user_id, :password_hash, :now, :now)
   ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, updated_at = excluded.updated_at`,
);

export const IDENTIFY = statement(
  'auth.add_user_identity',
  `INSERT INTO user_identities (id, provider, subject, user_id, created_at)
   VALUES (:id, 'local', :subject, :user_id, :now)
   ON CONFLICT (provider, subject) DO NOTHING`,
);

export const FIND = statement(
  'auth.find_local_credential',
  'SELECT password_hash FROM local_credentials WHERE user_id = :user_id',
);

export const CHANGED_AT = statement(
  'auth.local_credential_changed_at',
  'SELECT updated_at FROM local_credentials WHERE user_id = :user_id',
);

const HELD = 'SELECT user_id FROM local_credentials WHERE user_id = :user_id AND password_hash = :seen';

/** The hash that was checked, held against a change until the transaction ends; no row when it was changed. */
export const HOLD = statement('auth.hold_local_credential', { postgres: `${HELD} FOR SHARE`, sqlite: HELD });

/** Only the hash that was checked: a password changed meanwhile stays changed. */
export const REPLACE = statement(
  'auth.replace_local_credential',
  `UPDATE local_credentials SET password_hash = :password_hash, updated_at = :now
   WHERE user_id = :user_id AND password_hash = :seen`,
);

export const REMOVE = statement(
  'auth.remove_local_credential',
  'DELETE FROM local_credentials WHERE user_id = :user_id',
);

export const FORGET_IDENTITY = statement(
  'auth.forget_local_identity',
  `DELETE FROM user_identities WHERE user_id = :user_id AND provider = 'local'`,
);
