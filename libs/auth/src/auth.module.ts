import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { UsersModule } from '@omni/users';
import { Domain } from '@platform/kernel';
import { Authenticator } from '@platform/security';
import { Actors } from './access/actors';
import { BearerAuthenticator } from './access/bearer.authenticator';
import { CredentialReaders } from './access/credential-reader';
import { TenantChoice } from './access/tenant-choice';
import { ApiKeyHolders } from './api-keys/api-key-holders';
import { ApiKeyRules } from './api-keys/api-key-rules';
import { ApiKeyUsage } from './api-keys/api-key-usage';
import { ApiKeyReader } from './api-keys/api-key.reader';
import { ApiKeyRepository } from './api-keys/api-key.repository';
import { ApiKeysService } from './api-keys/api-keys.service';
import { apiKeysSubjectData } from './api-keys/api-keys.subject-data';
import { AuthConfig } from './auth.config';
import { ApiKeyEnded, authPermissions } from './contract';
import {
  authPermissions,
  SendAccountNotice,
  SendMagicLinkMail,
  SendPasswordResetMail,
  SendVerificationMail,
  SignInEnded,
} from './contract';
import { AccountMails } from './credentials/account-mails';
import { AddressProofs } from './credentials/address-proofs';
import { EmailVerificationService } from './credentials/email-verification.service';
import { LocalAccountsService } from './credentials/local-accounts.service';
import { credentialsSubjectData } from './credentials/credentials.subject-data';
import { LocalCredentials } from './credentials/local-credentials';
import { ApiKey } from './entities/api-key.entity';
import { MagicLinksService } from './credentials/magic-links.service';
import { PasswordResetsService } from './credentials/password-resets.service';
import { PasswordsService } from './credentials/passwords.service';
import { RegistrationsService } from './credentials/registrations.service';
import { LocalCredential } from './entities/local-credential.entity';
import { LoginThrottleRow } from './entities/login-throttle.entity';
import { OneTimeToken } from './entities/one-time-token.entity';
import { RecoveryCode } from './entities/recovery-code.entity';
import { RefreshToken } from './entities/refresh-token.entity';
import { SecondFactor } from './entities/second-factor.entity';
import { Session } from './entities/session.entity';
import { SigningKey } from './entities/signing-key.entity';
import { SocialSignIn } from './entities/social-sign-in.entity';
import { UserIdentity } from './entities/user-identity.entity';
import { identitiesSubjectData } from './identities/identities.subject-data';
import { IdentitiesService } from './identities/identities.service';
import { IdentityRepository } from './identities/identity.repository';
import { CreateApiKeys1767225616100 } from './migrations/create-api-keys.migration';
import { CreateAuth1767225615000 } from './migrations/create-auth.migration';
import { CreateSigningKeys1767225616000 } from './migrations/create-signing-keys.migration';
import { ActiveProviders } from './providers/active-providers';
import { ExternalAccounts } from './providers/external-accounts';
import { ExternalTokenReader } from './providers/external-token.reader';
import { ExternalTokens } from './providers/external-tokens';
import { LoginStatistics } from './providers/login-statistics';
import { NoOwnTokensReader } from './providers/no-own-tokens.reader';
import { CreateSocialSignIns1767225616300 } from './migrations/create-social-sign-ins.migration';
import { LoginThrottle } from './login-throttle/login-throttle';
import { CreateAuth1767225615000 } from './migrations/create-auth.migration';
import { CreateLoginThrottles1767225616210 } from './migrations/create-login-throttles.migration';
import { CreateOneTimeTokens1767225616200 } from './migrations/create-one-time-tokens.migration';
import { CreateSecondFactors1767225616220 } from './migrations/create-second-factors.migration';
import { OneTimeTokenRepository } from './one-time-tokens/one-time-token.repository';
import { oneTimeTokensSubjectData } from './one-time-tokens/one-time-tokens.subject-data';
import { RecoveryCodes } from './second-factor/recovery-codes';
import { SecondFactorChallenges } from './second-factor/second-factor-challenges';
import { SecondFactorCodes } from './second-factor/second-factor-codes';
import { SecondFactorEnrolmentService } from './second-factor/second-factor-enrolment.service';
import { SecondFactorSignInsService } from './second-factor/second-factor-sign-ins.service';
import { secondFactorSubjectData } from './second-factor/second-factor.subject-data';
import { SecondFactorRepository } from './second-factor/second-factor.repository';
import { SecondFactorsService } from './second-factor/second-factors.service';
import { OwnSessionsService } from './sessions/own-sessions.service';
import { SessionEndings } from './sessions/session-endings';
import { SessionProofs } from './sessions/session-proofs';
import { SessionRepository } from './sessions/session.repository';
import { SessionsService } from './sessions/sessions.service';
import { sessionsSubjectData } from './sessions/sessions.subject-data';
import { SignInsService } from './sessions/sign-ins.service';
import { KeyRing } from './signing-keys/key-ring';
import { SigningKeyRepository } from './signing-keys/signing-key.repository';
import { SigningKeysService } from './signing-keys/signing-keys.service';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, AccessTokens } from './tokens/access-token';
import { Attempts } from './social/attempts';
import { OidcClient } from './social/oidc-client';
import { OidcProviders } from './social/oidc-providers';
import { SocialConfig } from './social/social.config';
import { socialSubjectData } from './social/social.subject-data';
import { SocialCodesService } from './social/social-codes.service';
import { SocialLinksService } from './social/social-links.service';
import { SocialRefusals } from './social/social-refusals';
import { SocialSignInRepository } from './social/social-sign-in.repository';
import { SocialSignInsService } from './social/social-sign-ins.service';
import { StepUpsService } from './sessions/step-ups.service';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, accessTokenKey, AccessTokens } from './tokens/access-token';
import { AccessTokenStrategy } from './tokens/access-token.strategy';
import { AccessTokenReader } from './tokens/access-token.reader';
import { AccessTokenVerifier } from './tokens/access-token.verifier';
import { VerifiedTokens } from './tokens/verified-tokens';

/** Accounts with e-mail and password, and what goes with them: links, lockout, second factor, the person's own sign-ins. */
const LOCAL_ACCOUNTS = [
  OneTimeTokenRepository,
  LoginThrottle,
  LocalCredentials,
  AccountMails,
  AddressProofs,
  LocalAccountsService,
  RegistrationsService,
  EmailVerificationService,
  PasswordsService,
  PasswordResetsService,
  MagicLinksService,
  RecoveryCodes,
  SecondFactorRepository,
  SecondFactorCodes,
  SecondFactorChallenges,
  SecondFactorEnrolmentService,
  SecondFactorsService,
  SecondFactorSignInsService,
  SessionProofs,
  StepUpsService,
  OwnSessionsService,
];

/** Core of auth. Global, because it binds the port that the request pipeline and the sockets ask: who is this? */
@Global()
@Module({
  imports: [
    UsersModule,
    JwtModule.registerAsync({
      inject: [AuthConfig],
      useFactory: ({ audience, issuer }: AuthConfig) => ({
        signOptions: {
          algorithm: ACCESS_TOKEN_ALGORITHM,
          header: { alg: ACCESS_TOKEN_ALGORITHM, typ: ACCESS_TOKEN_TYPE },
          issuer,
          audience,
        },
      }),
    }),
  ],
  providers: [
    SigningKeyRepository,
    KeyRing,
    SigningKeysService,
    VerifiedTokens,
    AccessTokens,
    AccessTokenStrategy,
    AccessTokenVerifier,
    AccessTokenReader,
    ActiveProviders,
    ExternalTokens,
    LoginStatistics,
    ExternalAccounts,
    ExternalTokenReader,
    Actors,
    TenantChoice,
    SessionRepository,
    SessionEndings,
    SessionsService,
    SignInsService,
    IdentityRepository,
    IdentitiesService,
    LocalCredentials,
    LocalAccountsService,
    ApiKeyRepository,
    ApiKeyRules,
    ApiKeyHolders,
    ApiKeyUsage,
    ApiKeyReader,
    ApiKeysService,
    OidcProviders,
    OidcClient,
    Attempts,
    SocialRefusals,
    SocialSignInRepository,
    SocialSignInsService,
    SocialCodesService,
    SocialLinksService,
    ...LOCAL_ACCOUNTS,
    {
      provide: CredentialReaders,
      inject: [AuthConfig, ExternalTokenReader, AccessTokenReader],
      // Our own tokens last: their reader judges whatever nobody else knows.
      useFactory: (config: AuthConfig, foreignTokens: ExternalTokenReader, ownTokens: AccessTokenReader) =>
        new CredentialReaders([
          foreignTokens,
          config.providers.includes('local') ? ownTokens : new NoOwnTokensReader(),
        ]),
    },
    { provide: Authenticator, useClass: BearerAuthenticator },
  ],
  exports: [
    Authenticator,
    SessionsService,
    SignInsService,
    LocalAccountsService,
    IdentitiesService,
    SigningKeysService,
    OidcProviders,
    SocialSignInRepository,
    SocialSignInsService,
    SocialCodesService,
    SocialLinksService,
    Attempts,
  ],
})
@Domain({
  name: 'auth',
  entities: [UserIdentity, LocalCredential, Session, RefreshToken, SigningKey],
  migrations: [CreateAuth1767225615000, CreateSigningKeys1767225616000],
  settings: [AuthConfig],
  permissions: authPermissions,
  subjectData: [...identitiesSubjectData, ...credentialsSubjectData, ...sessionsSubjectData],
      inject: [ApiKeyReader, AccessTokenReader],
      // Our own tokens last: their reader judges whatever nobody else knows.
      useFactory: (apiKeys: ApiKeyReader, ownTokens: AccessTokenReader) => new CredentialReaders([apiKeys, ownTokens]),
    },
    { provide: Authenticator, useClass: BearerAuthenticator },
  ],
  exports: [Authenticator, SessionsService, SignInsService, LocalAccountsService, ApiKeysService, ApiKeyRules],
})
@Domain({
  name: 'auth',
  entities: [UserIdentity, LocalCredential, Session, RefreshToken, ApiKey],
  migrations: [CreateAuth1767225615000, CreateApiKeys1767225616100],
  settings: [AuthConfig],
  permissions: authPermissions,
  events: [ApiKeyEnded],
  subjectData: apiKeysSubjectData,
  entities: [UserIdentity, LocalCredential, Session, RefreshToken, SocialSignIn],
  migrations: [CreateAuth1767225615000, CreateSocialSignIns1767225616300],
  settings: [AuthConfig, SocialConfig],
  permissions: authPermissions,
  subjectData: [...identitiesSubjectData, ...socialSubjectData],
  exports: [Authenticator, SessionsService, SignInsService, ...LOCAL_ACCOUNTS],
})
@Domain({
  name: 'auth',
  entities: [
    UserIdentity,
    LocalCredential,
    Session,
    RefreshToken,
    OneTimeToken,
    LoginThrottleRow,
    SecondFactor,
    RecoveryCode,
  ],
  migrations: [
    CreateAuth1767225615000,
    CreateOneTimeTokens1767225616200,
    CreateLoginThrottles1767225616210,
    CreateSecondFactors1767225616220,
  ],
  settings: [AuthConfig],
  permissions: authPermissions,
  jobs: [SendVerificationMail, SendPasswordResetMail, SendMagicLinkMail, SendAccountNotice],
  events: [SignInEnded],
  subjectData: [...oneTimeTokensSubjectData, ...secondFactorSubjectData],
})
export class AuthModule {}
