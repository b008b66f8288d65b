import { statement } from '@platform/database';

/** Whose identity it is, and how many that account has. */
export interface IdentityRow {
  user_id: string;
  identities: number | string;
  created_at: Date | string;
}

/** An identity as its person sees it. */
export interface OwnIdentityRow {
  provider: string;
  created_at: Date | string;
}

export const FIND = statement(
  'auth.find_identity',
  `SELECT identity.user_id, identity.created_at,
     (SELECT COUNT(*) FROM user_identities other WHERE other.user_id = identity.user_id) AS identities
   FROM user_identities identity WHERE identity.provider = :provider AND identity.subject = :subject`,
);

/** Touches no row when the subject has an account: two that come at once make one. */
export const ADD = statement(
  'auth.add_identity',
  `INSERT INTO user_identities (id, provider, subject, user_id, created_at)
   VALUES (:id, :provider, :subject, :user_id, :now)
   ON CONFLICT (provider, subject) DO NOTHING`,
);

export const WAYS_IN = statement(
  'auth.list_ways_in',
  'SELECT id, provider, subject FROM user_identities WHERE user_id = :user_id ORDER BY created_at, id',
);

export const REMOVE = statement('auth.remove_identity', 'DELETE FROM user_identities WHERE id = :id');

export const LIST_OWN = statement(
  'auth.list_own_identities',
  `SELECT provider, created_at FROM user_identities WHERE user_id = :user_id ORDER BY created_at, id LIMIT :limit`,
);
