import { displayName, EMAIL_ADDRESS, HTTP_URL, type TextRule } from '@platform/security';
import { type JwtPayload } from 'jsonwebtoken';

const NAME = displayName(255);

/** What a token says of its person; never of what they may do. */
export interface ClaimedProfile {
  readonly email?: string;
  /** Whether the provider vouches for the address. */
  readonly emailVerified: boolean;
  readonly fullName?: string;
  readonly avatarUrl?: string;
}

/** Address, name and picture of a verified token: spec 03 §3. What is not well-formed counts as not there. */
export function claimedProfile(claims: JwtPayload): ClaimedProfile {
  const user = membersOf(claims.user_metadata);
  const app = membersOf(claims.app_metadata);
  const vouched = firstOf(EMAIL_ADDRESS, [claims.email]);
  const email = vouched ?? firstOf(EMAIL_ADDRESS, [user.email, app.email]);
  const fullName = firstOf(NAME, [claims.name, claims.full_name, user.full_name, user.name]);
  const avatarUrl = firstOf(HTTP_URL, [claims.picture, claims.avatar_url, user.avatar_url, user.picture]);
  return {
    ...(email !== undefined && { email }),
    // People may write into their user_metadata: what stands there proves nothing.
    emailVerified: vouched !== undefined && claims.email_verified === true,
    ...(fullName !== undefined && { fullName }),
    ...(avatarUrl !== undefined && { avatarUrl }),
  };
}

function firstOf(rule: TextRule, candidates: readonly unknown[]): string | undefined {
  for (const candidate of candidates) {
    if (typeof candidate !== 'string') continue;
    const text = rule.normalise(candidate);
    if (rule.problem(text) === undefined) return text;
  }
  return undefined;
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
