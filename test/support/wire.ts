/** The error envelope of spec 01 §2. */
export interface ErrorWire {
  error: { code: string; message: string; details: Record<string, unknown>; request_id: string };
}

/** `{items, total, skip, limit}` of spec 01 §3. */
export interface PageWire<T> {
  items: T[];
  total: number;
  skip: number;
  limit: number;
}

/** UserRead. */
export interface UserWire {
  id: string;
  email: string;
  full_name: string | null;
  avatar_url: string | null;
  role: string;
  is_active: boolean;
  subscription_plan: string | null;
  subscription_status: string | null;
  created_at: string;
}

/** UserReadAdmin. */
export interface AdminUserWire extends UserWire {
  last_login_at: string | null;
  login_count: number;
  updated_at: string;
}

/** What register, login and refresh answer. */
export interface SessionWire {
  access_token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
  device_token?: string;
  user: UserWire;
}

/** An API key as its owner sees it. */
export interface ApiKeyWire {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  expires_at: string;
  last_used_at: string | null;
  created_at: string;
  updated_at: string;
}

/** An API key in the one answer that shows its secret. */
export interface ReadableApiKeyWire extends ApiKeyWire {
  secret: string;
}

/** ProjectRead. */
export interface ProjectWire {
  id: string;
  name: string;
  description: string | null;
  owner_id: string;
  created_at: string;
  updated_at: string;
}

/** An organization as a member sees it. */
export interface OrganizationWire {
  id: string;
  name: string;
  role: string;
  created_at: string;
  updated_at: string;
}

/** The v2 envelope. */
export interface EnvelopeWire<T> {
  data: T;
  meta: {
    request_id: string | null;
    timestamp: string;
    version: string;
    page?: { total: number; skip: number; limit: number; next_cursor: string | null };
  };
}
