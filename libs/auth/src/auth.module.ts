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
import { ApiKeyHolders } from './api-keys/api-key-holders';
import { ApiKeyRules } from './api-keys/api-key-rules';
import { ApiKeyUsage } from './api-keys/api-key-usage';
import { ApiKeyReader } from './api-keys/api-key.reader';
import { ApiKeyRepository } from './api-keys/api-key.repository';
import { ApiKeysService } from './api-keys/api-keys.service';
import { apiKeysSubjectData } from './api-keys/api-keys.subject-data';
import { AuthConfig } from './auth.config';
import { authPermissions } from './contract';
import { LocalAccountsService } from './credentials/local-accounts.service';
import { LocalCredentials } from './credentials/local-credentials';
import { ApiKey } from './entities/api-key.entity';
import { LocalCredential } from './entities/local-credential.entity';
import { RefreshToken } from './entities/refresh-token.entity';
import { Session } from './entities/session.entity';
import { UserIdentity } from './entities/user-identity.entity';
import { CreateApiKeys1767225616100 } from './migrations/create-api-keys.migration';
import { CreateAuth1767225615000 } from './migrations/create-auth.migration';
import { SessionRepository } from './sessions/session.repository';
import { SessionsService } from './sessions/sessions.service';
import { SignInsService } from './sessions/sign-ins.service';
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
    LocalCredentials,
    LocalAccountsService,
    ApiKeyRepository,
    ApiKeyRules,
    ApiKeyHolders,
    ApiKeyUsage,
    ApiKeyReader,
    ApiKeysService,
    {
      provide: CredentialReaders,
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
  subjectData: apiKeysSubjectData,
})
export class AuthModule {}
