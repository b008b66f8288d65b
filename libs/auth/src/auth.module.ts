import { Global, Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { Domain } from '@platform/kernel';
import { Authenticator, BrowserSessions, TokenGuide } from '@platform/security';
import { AccountTokenGuide } from './sign-in/account-token-guide';
import { BearerAuthenticator } from './access/bearer.authenticator';
import { CredentialReaders } from './access/credential-reader';
import { ApiKeyReader } from './api-keys/api-key.reader';
import { apiKeysSubjectData } from './api-keys/api-keys.subject-data';
import { AuthConfig } from './auth.config';
import { MAGIC_LINK_PAGE, RESET_PASSWORD_PAGE, SIGN_IN_COMPLETE_PAGE, VERIFY_EMAIL_PAGE } from './auth.pages';
import { ACCESS } from './access/access.providers';
import { SESSIONS } from './sessions/sessions.providers';
import { LINKS } from './links/links.providers';
import { LOGIN_THROTTLE } from './login-throttle/login-throttle.providers';
import { IDENTITIES } from './identities/identities.providers';
import { TOKENS } from './tokens/tokens.providers';
import { ISSUERS } from './issuers/issuers.providers';
import { API_KEYS } from './api-keys/api-keys.providers';
import { SECOND_FACTOR } from './second-factor/second-factor.providers';
import { PASSWORDS } from './passwords/passwords.providers';
import { OIDC } from './oidc/oidc.providers';
import { SIGN_IN } from './sign-in/sign-in.providers';
import { FIRST_PROOF } from './first-proof/first-proof.providers';
import { BROWSER_SESSIONS } from './browser-sessions/browser-sessions.providers';
import { BrowserSessionsService } from './browser-sessions/browser-sessions.service';
import * as contract from './contract';
import { passwordsSubjectData } from './passwords/passwords.subject-data';
import { DemoAccountsSeeder } from './sign-in/demo-accounts.seeder';
import { ApiKey } from './entities/api-key.entity';
import { BrowserSession } from './entities/browser-session.entity';
import { LocalCredential } from './entities/local-credential.entity';
import { LoginThrottleRow } from './entities/login-throttle.entity';
import { OneTimeToken } from './entities/one-time-token.entity';
import { RecoveryCode } from './entities/recovery-code.entity';
import { RefreshToken } from './entities/refresh-token.entity';
import { SecondFactor } from './entities/second-factor.entity';
import { Session } from './entities/session.entity';
import { SigningKey } from './entities/signing-key.entity';
import { OidcSignIn } from './entities/oidc-sign-in.entity';
import { UserIdentity } from './entities/user-identity.entity';
import { identitiesSubjectData } from './identities/identities.subject-data';
import { CountGuessesByNetwork1767225616310 } from './migrations/count-guesses-by-network.migration';
import { CreateApiKeys1767225616100 } from './migrations/create-api-keys.migration';
import { CreateAuth1767225615000 } from './migrations/create-auth.migration';
import { CreateBrowserSessions1795907820000 } from './migrations/create-browser-sessions.migration';
import { CreateLoginThrottles1767225616210 } from './migrations/create-login-throttles.migration';
import { CreateOneTimeTokens1767225616200 } from './migrations/create-one-time-tokens.migration';
import { CreateSecondFactors1767225616220 } from './migrations/create-second-factors.migration';
import { CreateSigningKeys1767225616000 } from './migrations/create-signing-keys.migration';
import { CreateSocialSignIns1767225616300 } from './migrations/create-social-sign-ins.migration';
import { linksSubjectData } from './links/links.subject-data';
import { ExternalTokenReader } from './issuers/external-token.reader';
import { NoOwnTokensReader } from './tokens/no-own-tokens.reader';
import { secondFactorSubjectData } from './second-factor/second-factor.subject-data';
import { sessionsSubjectData } from './sessions/sessions.subject-data';
import { OidcConfig } from './oidc/oidc.config';
import { oidcSubjectData } from './oidc/oidc.subject-data';
import { AccessTokenReader } from './tokens/access-token.reader';

/** The rooms, lowest first: README.md draws who calls whom. */
const ROOMS = [
  ...[SESSIONS, LINKS, LOGIN_THROTTLE, IDENTITIES, ACCESS],
  ...[TOKENS, ISSUERS, API_KEYS, SECOND_FACTOR, PASSWORDS, OIDC],
  ...[BROWSER_SESSIONS, SIGN_IN, FIRST_PROOF],
].flat();

/** Core of auth. Global, because it binds the port that the request pipeline and the sockets ask: who is this? */
@Global()
@Module({
  imports: [UsersModule],
  providers: [
    ...ROOMS,
    {
      provide: CredentialReaders,
      inject: [AuthConfig, ApiKeyReader, ExternalTokenReader, AccessTokenReader],
      useFactory: (config: AuthConfig, apiKeys: ApiKeyReader, foreign: ExternalTokenReader, own: AccessTokenReader) =>
        // Our own tokens last: their reader judges whatever nobody else knows.
        new CredentialReaders([apiKeys, foreign, config.providers.includes('local') ? own : new NoOwnTokensReader()]),
    },
    { provide: Authenticator, useClass: BearerAuthenticator },
    { provide: BrowserSessions, useExisting: BrowserSessionsService },
    { provide: TokenGuide, useClass: AccountTokenGuide },
  ],
  // Its own entry points use all of it; what other domains may use is said by the public API.
  exports: [Authenticator, BrowserSessions, TokenGuide, ...ROOMS],
})
@Domain({
  name: 'auth',
  required: true,
  entities: [
    ...[UserIdentity, LocalCredential, Session, RefreshToken, SigningKey, ApiKey],
    ...[OneTimeToken, LoginThrottleRow, SecondFactor, RecoveryCode, OidcSignIn],
    BrowserSession,
  ],
  migrations: [
    CreateAuth1767225615000,
    CreateSigningKeys1767225616000,
    CreateApiKeys1767225616100,
    CreateOneTimeTokens1767225616200,
    CreateLoginThrottles1767225616210,
    CreateSecondFactors1767225616220,
    CreateSocialSignIns1767225616300,
    CountGuessesByNetwork1767225616310,
    CreateBrowserSessions1795907820000,
  ],
  settings: [AuthConfig, OidcConfig],
  pages: [VERIFY_EMAIL_PAGE, RESET_PASSWORD_PAGE, MAGIC_LINK_PAGE, SIGN_IN_COMPLETE_PAGE],
  permissions: contract.authPermissions,
  jobs: [
    contract.SendVerificationMail,
    contract.SendPasswordResetMail,
    contract.SendMagicLinkMail,
    contract.SendAccountNotice,
  ],
  events: [contract.SessionsEnded, contract.IdentityEnded, contract.ApiKeyEnded],
  seeders: [DemoAccountsSeeder],
  subjectData: [
    ...identitiesSubjectData,
    ...passwordsSubjectData,
    ...sessionsSubjectData,
    ...apiKeysSubjectData,
    ...linksSubjectData,
    ...secondFactorSubjectData,
    ...oidcSubjectData,
  ],
})
export class AuthModule {}
