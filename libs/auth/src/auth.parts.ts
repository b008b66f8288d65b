import { Actors } from './access/actors';
import { TenantChoice } from './access/tenant-choice';
import { ApiKeyEndings } from './api-keys/api-key-endings';
import { ApiKeyHolders } from './api-keys/api-key-holders';
import { ApiKeyRules } from './api-keys/api-key-rules';
import { ApiKeyUsage } from './api-keys/api-key-usage';
import { ApiKeyReader } from './api-keys/api-key.reader';
import { ApiKeyRepository } from './api-keys/api-key.repository';
import { ApiKeysService } from './api-keys/api-keys.service';
import { BrowserSessionRepository } from './sessions/browser-session.repository';
import { BrowserSessionsService } from './browser-sessions/browser-sessions.service';
import { AccountMails } from './credentials/account-mails';
import { EmailVerificationService } from './credentials/email-verification.service';
import { KnownDevices } from './credentials/known-devices';
import { LinkProofs } from './credentials/link-proofs';
import { LocalAccountsService } from './credentials/local-accounts.service';
import { LocalCredentials } from './credentials/local-credentials';
import { MagicLinksService } from './credentials/magic-links.service';
import { PasswordResetsService } from './credentials/password-resets.service';
import { PasswordsService } from './credentials/passwords.service';
import { RegistrationsService } from './credentials/registrations.service';
import { IdentitiesService } from './identities/identities.service';
import { IdentityRepository } from './identities/identity.repository';
import { WaysIn } from './identities/ways-in';
import { LoginThrottle } from './login-throttle/login-throttle';
import { OneTimeTokenRepository } from './one-time-tokens/one-time-token.repository';
import { ActiveProviders } from './providers/active-providers';
import { ExternalAccounts } from './providers/external-accounts';
import { ExternalTokenReader } from './providers/external-token.reader';
import { ExternalTokens } from './providers/external-tokens';
import { LoginStatistics } from './providers/login-statistics';
import { RecoveryCodes } from './second-factor/recovery-codes';
import { SecondFactorChallenges } from './second-factor/second-factor-challenges';
import { SecondFactorCodes } from './second-factor/second-factor-codes';
import { SecondFactorEnrolmentService } from './second-factor/second-factor-enrolment.service';
import { SecondFactorSignInsService } from './second-factor/second-factor-sign-ins.service';
import { SecondFactorRepository } from './second-factor/second-factor.repository';
import { SecondFactorsService } from './second-factor/second-factors.service';
import { OwnSessionsService } from './sessions/own-sessions.service';
import { RefreshTokens } from './sessions/refresh-tokens';
import { SessionEndings } from './sessions/session-endings';
import { SessionProofs } from './sessions/session-proofs';
import { SessionRepository } from './sessions/session.repository';
import { SessionsService } from './sessions/sessions.service';
import { SignInsService } from './sessions/sign-ins.service';
import { StepUpsService } from './sessions/step-ups.service';
import { SetUpBeforeProof } from './set-up-before-proof';
import { KeyRing } from './signing-keys/key-ring';
import { SigningKeyRepository } from './signing-keys/signing-key.repository';
import { SigningKeysService } from './signing-keys/signing-keys.service';
import { Attempts } from './social/attempts';
import { OidcClient } from './social/oidc-client';
import { OidcProviders } from './social/oidc-providers';
import { SocialCodesService } from './social/social-codes.service';
import { SocialLinksService } from './social/social-links.service';
import { SocialRefusals } from './social/social-refusals';
import { SocialSignInRepository } from './social/social-sign-in.repository';
import { SocialSignInsService } from './social/social-sign-ins.service';
import { AccessTokens } from './tokens/access-token';
import { AccessTokenReader } from './tokens/access-token.reader';
import { AccessTokenStrategy } from './tokens/access-token.strategy';
import { AccessTokenVerifier } from './tokens/access-token.verifier';
import { VerifiedTokens } from './tokens/verified-tokens';

/** Who is behind a credential, and whom he acts for. */
const ACCESS = [Actors, TenantChoice];

/** Our own access tokens, and the keys that sign them. */
const TOKENS = [
  ...[SigningKeyRepository, KeyRing, SigningKeysService],
  ...[VerifiedTokens, AccessTokens, AccessTokenStrategy, AccessTokenVerifier, AccessTokenReader],
];

/** Tokens of other issuers, and the accounts that they stand for. */
const OTHER_ISSUERS = [
  ...[ActiveProviders, ExternalTokens, LoginStatistics, ExternalAccounts, ExternalTokenReader],
  ...[IdentityRepository, IdentitiesService, WaysIn],
];

/** Sign-ins: begun, proved again, listed, ended. */
const SESSIONS = [
  ...[RefreshTokens, SessionRepository, SessionEndings, SessionsService, SignInsService],
  ...[BrowserSessionRepository, BrowserSessionsService],
  ...[SessionProofs, StepUpsService, OwnSessionsService],
];

/** Accounts with e-mail and password, and the links that their mails carry. */
const LOCAL_ACCOUNTS = [
  ...[OneTimeTokenRepository, LoginThrottle, LocalCredentials, AccountMails, LinkProofs],
  ...[LocalAccountsService, RegistrationsService, EmailVerificationService],
  ...[PasswordsService, PasswordResetsService, MagicLinksService, KnownDevices],
];

/** Authenticators, recovery codes, and the second step of a sign-in. */
const SECOND_FACTOR = [
  ...[SecondFactorRepository, RecoveryCodes, SecondFactorCodes, SecondFactorChallenges],
  ...[SecondFactorEnrolmentService, SecondFactorsService, SecondFactorSignInsService],
];

/** Sign-in at any OpenID provider. */
const SOCIAL = [
  ...[OidcProviders, OidcClient, Attempts, SocialRefusals, SocialSignInRepository],
  ...[SocialSignInsService, SocialCodesService, SocialLinksService],
];

/** Keys for programs. */
const API_KEYS = [
  ...[ApiKeyRepository, ApiKeyRules, ApiKeyHolders, ApiKeyUsage, ApiKeyReader],
  ...[ApiKeyEndings, ApiKeysService],
];

/** What the core of auth is made of, noun by noun. */
export const AUTH_PARTS = [
  ...ACCESS,
  ...TOKENS,
  ...OTHER_ISSUERS,
  ...SESSIONS,
  ...LOCAL_ACCOUNTS,
  ...SECOND_FACTOR,
  ...SOCIAL,
  ...API_KEYS,
  SetUpBeforeProof,
];
