import { Body, Controller, Header, HttpCode, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog, NoAudit } from '@platform/audit';
import { type HttpRequest, type HttpResponse } from '@platform/http';
import { Public, RateLimit } from '@platform/security';
import { LocalAccountsService } from '../sign-in/local-accounts.service';
import { RegistrationsService } from '../sign-in/registrations.service';
import { SecondFactorSignInsService } from '../sign-in/second-factor-sign-ins.service';
import { type SignIn, SignInsService } from '../sign-in/sign-ins.service';
import { RegisterDto } from './account.dto';
import { DeviceCookies, deviceTokensOf } from './device-tokens';
import { AccountKey, ChallengeKey, SessionKey } from './rate-limit-keys';
import { AnswerChallengeDto, LoginDto, RefreshDto, SignInDto } from './sign-in.dto';

/** Ways in. */
@ApiTags('auth')
@Controller({ path: 'public/auth', version: ['1', '2'] })
@Public('this is where credentials are exchanged for a token')
@UseInterceptors(DeviceCookies)
export class PublicAuthController {
  constructor(
    private readonly registrations: RegistrationsService,
    private readonly accounts: LocalAccountsService,
    private readonly secondSteps: SecondFactorSignInsService,
    private readonly signIns: SignInsService,
  ) {}

  /** Make an account and sign in. */
  // No @Idempotent: a stored answer would be a readable copy of the tokens; the address makes a repetition harmless.
  @Post('register')
  @RateLimit('auth.register')
  @Header('Cache-Control', 'no-store')
  @ApiCreatedResponse({ type: SignInDto })
  @ApiAcceptedResponse({ description: 'Where addresses must be verified first: a mail says how to go on' })
  @AuditLog('user.created')
  async register(
    @Body() body: RegisterDto,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<SignInDto | undefined> {
    return signedInOrAccepted(await this.registrations.register(body), response);
  }

  /** Sign in with e-mail and password. */
  @Post('login')
  @RateLimit('auth.login', AccountKey)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @AuditLog('user.login')
  async login(@Body() body: LoginDto, @Req() request: HttpRequest): Promise<SignInDto> {
    return SignInDto.of(await this.accounts.login(body, deviceTokensOf(request)));
  }

  /** Show a code of the second factor beside the challenge of the first step, and sign in. */
  @Post('second-factor')
  @RateLimit('auth.login', ChallengeKey)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @AuditLog('user.login')
  async secondFactor(@Body() body: AnswerChallengeDto): Promise<SignInDto> {
    return SignInDto.of(await this.secondSteps.complete(body.challenge, body.code));
  }

  /** Exchange a refresh token for a fresh pair. */
  @Post('refresh')
  @RateLimit('auth.refresh', SessionKey)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @NoAudit('nobody acts: a client prolongs a recorded session; a stolen token is recorded where it ends the session')
  async refresh(@Body() body: RefreshDto): Promise<SignInDto> {
    return SignInDto.of(await this.signIns.refresh(body.refresh_token));
  }
}

function signedInOrAccepted(signIn: SignIn | null, response: HttpResponse): SignInDto | undefined {
  if (signIn) return SignInDto.of(signIn);
  response.status(202);
  return undefined;
}
