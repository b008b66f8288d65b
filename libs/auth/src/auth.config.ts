import { CoreConfig, eachRule, flag, integer, type OtherSections, setting, settings } from '@platform/config';
import { MailConfig } from '@platform/mail';
import { z } from 'zod';
import { indistinctIssuers, issuerProblems, unprotectedKeys, weakIssuerSecret } from './issuers/issuer.rules';
import { ISSUER_SETTINGS } from './issuers/issuer.settings';

const DAY_MS = 86_400_000;
const NAME = z.string().min(1).max(255);

/** Settings of auth. */
export class AuthConfig extends settings('auth', {
  issuer: setting('AUTH_ISSUER', NAME.default('omnistack'), 'Who issues our access tokens (claim `iss`).'),
  audience: setting('AUTH_AUDIENCE', NAME.default('omnistack-api'), 'Whom our access tokens are for (claim `aud`).'),
  accessTokenMinutes: setting(
    'AUTH_ACCESS_TOKEN_MINUTES',
    integer(1, 60).default(15),
    'Minutes that an access token is good for, 1–60.',
  ),
  refreshTokenDays: setting(
    'AUTH_REFRESH_TOKEN_DAYS',
    integer(1, 365).default(30),
    'Days without a refresh after which a session ends, 1–365.',
  ),
  refreshGraceSeconds: setting(
    'AUTH_REFRESH_GRACE_SECONDS',
    integer(0, 300).default(30),
    'Seconds in which a just rotated refresh token still gets a fresh pair, for clients that refresh in parallel, 0–300.',
  ),
  apiKeyMaxDays: setting(
    'AUTH_API_KEY_MAX_DAYS',
    integer(1, 365).default(365),
    'Days after which an API key ends at the latest, and by default, 1–365.',
  ),
  apiKeysPerUser: setting(
    'AUTH_API_KEYS_PER_USER',
    integer(1, 1_000).default(50),
    'API keys that one person may have at a time, 1–1000.',
  ),
  apiKeyRotationGraceMinutes: setting(
    'AUTH_API_KEY_ROTATION_GRACE_MINUTES',
    integer(0, 10_080).default(1_440),
    'Minutes that a rotated API key may stay good beside the new one, at most; each rotation says how many, 0–10080.',
  ),
  requireVerifiedEmail: setting(
    'AUTH_REQUIRE_VERIFIED_EMAIL',
    flag().optional(),
    'true lets nobody in with a password before the address is verified; default true in production.',
    { example: '' },
  ),
  lockoutAfter: setting(
    'AUTH_LOCKOUT_AFTER',
    integer(3, 100).default(5),
    'Wrong passwords (or codes) in a row, of one network or known device, after which guesses wait; all networks: ten times, 3–100.',
  ),
  lockoutSeconds: setting(
    'AUTH_LOCKOUT_SECONDS',
    integer(1, 3_600).default(30),
    'Seconds of the first such wait, doubled by each further failure, 1–3600.',
  ),
  lockoutMaxSeconds: setting(
    'AUTH_LOCKOUT_MAX_SECONDS',
    integer(1, 86_400).default(900),
    'Seconds of the longest such wait, 1–86400.',
  ),
  adminRequireMfa: setting(
    'ADMIN_REQUIRE_MFA',
    flag().optional(),
    'true withholds what admins may do until a second factor is shown; default true in production.',
    { example: '' },
  ),
  ...ISSUER_SETTINGS,
}) {
  static override check(values: AuthConfig, other: OtherSections): string[] {
    return eachRule(
      () => issuerProblems(values),
      () => unprotectedKeys(values, other(CoreConfig)),
      () => indistinctIssuers(values),
      () => weakIssuerSecret(values, other(CoreConfig)),
      () => unreachablePeople(values, other(CoreConfig), other(MailConfig)),
    );
  }

  /** When a session ends that goes on now, and with it the refresh token that it goes on by. */
  sessionEnd(now: Date): Date {
    return new Date(now.getTime() + this.refreshTokenDays * DAY_MS);
  }

  /** Whether a password lets nobody in before the address is verified. */
  verifiesEmail(core: CoreConfig): boolean {
    return this.requireVerifiedEmail ?? core.isProduction;
  }
}

function unreachablePeople(auth: AuthConfig, core: CoreConfig, mail: MailConfig): string | undefined {
  if (core.isLocal || mail.reachesPeople || !auth.verifiesEmail(core) || !auth.providers.includes('local')) {
    return undefined;
  }
  return (
    'Set AUTH_REQUIRE_VERIFIED_EMAIL=false (auth.requireVerifiedEmail; true by default in production): ' +
    `EMAIL_PROVIDER=${mail.provider} (mail.provider) sends no mail, so nobody could verify an address and sign in`
  );
}
