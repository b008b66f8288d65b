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
import { LocalCredentials } from './credentials/local-credentials';
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
import { UserIdentity } from './entities/user-identity.entity';
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
import { SignInsService } from './sessions/sign-ins.service';
import { StepUpsService } from './sessions/step-ups.service';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, accessTokenKey, AccessTokens } from './tokens/access-token';
import { AccessTokenStrategy } from './tokens/access-token.strategy';
import { AccessTokenReader } from './tokens/access-token.reader';
import { AccessTokenVerifier } from './tokens/access-token.verifier';

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
    SessionEndings,
    SessionsService,
    SignInsService,
    ...LOCAL_ACCOUNTS,
    {
      provide: CredentialReaders,
      inject: [AccessTokenReader],
      // Our own tokens last: their reader judges whatever nobody else knows.
      useFactory: (ownTokens: AccessTokenReader) => new CredentialReaders([ownTokens]),
    },
    { provide: Authenticator, useClass: BearerAuthenticator },
  ],
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
