import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { UsersModule } from '@omni/users';
import { CoreConfig } from '@platform/config';
import { Domain } from '@platform/kernel';
import { Authenticator } from '@platform/security';
import { Actors } from './access/actors';
import { BearerAuthenticator } from './access/bearer.authenticator';
import { CredentialReaders } from './access/credential-reader';
import { TenantChoice } from './access/tenant-choice';
import { AuthConfig } from './auth.config';
import { authPermissions } from './contract';
import { LocalAccountsService } from './credentials/local-accounts.service';
import { LocalCredentials } from './credentials/local-credentials';
import { LocalCredential } from './entities/local-credential.entity';
import { RefreshToken } from './entities/refresh-token.entity';
import { Session } from './entities/session.entity';
import { SocialSignIn } from './entities/social-sign-in.entity';
import { UserIdentity } from './entities/user-identity.entity';
import { identitiesSubjectData } from './identities/identities.subject-data';
import { IdentitiesService } from './identities/identities.service';
import { IdentityRepository } from './identities/identity.repository';
import { CreateAuth1767225615000 } from './migrations/create-auth.migration';
import { CreateSocialSignIns1767225616300 } from './migrations/create-social-sign-ins.migration';
import { SessionRepository } from './sessions/session.repository';
import { SessionsService } from './sessions/sessions.service';
import { SignInsService } from './sessions/sign-ins.service';
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
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, accessTokenKey, AccessTokens } from './tokens/access-token';
import { AccessTokenStrategy } from './tokens/access-token.strategy';
import { AccessTokenReader } from './tokens/access-token.reader';
import { AccessTokenVerifier } from './tokens/access-token.verifier';

/** Core of auth. Global, because it binds the port that the request pipeline and the sockets ask: who is this? */
@Global()
@Module({
  imports: [
    UsersModule,
    JwtModule.registerAsync({
      inject: [CoreConfig, AuthConfig],
      useFactory: (core: CoreConfig, { audience, issuer }: AuthConfig) => ({
        secret: accessTokenKey(core.secretKey),
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
    AccessTokens,
    AccessTokenStrategy,
    AccessTokenVerifier,
    AccessTokenReader,
    Actors,
    TenantChoice,
    SessionRepository,
    SessionsService,
    SignInsService,
    IdentityRepository,
    IdentitiesService,
    LocalCredentials,
    LocalAccountsService,
    OidcProviders,
    OidcClient,
    Attempts,
    SocialRefusals,
    SocialSignInRepository,
    SocialSignInsService,
    SocialCodesService,
    SocialLinksService,
    {
      provide: CredentialReaders,
      inject: [AccessTokenReader],
      // Our own tokens last: their reader judges whatever nobody else knows.
      useFactory: (ownTokens: AccessTokenReader) => new CredentialReaders([ownTokens]),
    },
    { provide: Authenticator, useClass: BearerAuthenticator },
  ],
  exports: [
    Authenticator,
    SessionsService,
    SignInsService,
    LocalAccountsService,
    IdentitiesService,
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
  entities: [UserIdentity, LocalCredential, Session, RefreshToken, SocialSignIn],
  migrations: [CreateAuth1767225615000, CreateSocialSignIns1767225616300],
  settings: [AuthConfig, SocialConfig],
  permissions: authPermissions,
  subjectData: [...identitiesSubjectData, ...socialSubjectData],
})
export class AuthModule {}
