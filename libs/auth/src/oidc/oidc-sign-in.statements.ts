import { statement } from '@platform/database';

/** What a one-time code stands for. */
export interface OidcSignInRow {
  provider: string;
  user_id: string;
  subject: string | null;
  code_challenge: string | null;
}

export const ADD = statement(
  'auth.add_social_sign_in',
  `INSERT INTO social_sign_ins (id, code_hash, provider, user_id, subject, code_challenge, created_at, expires_at)
   VALUES (:id, :code_hash, :provider, :user_id, :subject, :code_challenge, :now, :expires_at)`,
);

/** Reading is using up: of two that come at once one gets the row. */
export const TAKE = statement(
  'auth.take_social_sign_in',
  `DELETE FROM social_sign_ins WHERE code_hash = :code_hash AND expires_at > :now
   RETURNING provider, user_id, subject, code_challenge`,
);

export const REMOVE_ALL = statement(
  'auth.remove_social_sign_ins',
  'DELETE FROM social_sign_ins WHERE user_id = :user_id',
);

export const PURGE = statement(
  'auth.purge_social_sign_ins',
  `DELETE FROM social_sign_ins WHERE id IN
     (SELECT id FROM social_sign_ins WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit)`,
);
