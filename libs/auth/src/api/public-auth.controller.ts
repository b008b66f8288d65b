import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditLog, NoAudit } from '@platform/audit';
import { Public, RateLimit } from '@platform/security';
import { LocalAccountsService } from '../credentials/local-accounts.service';
import { SignInsService } from '../sessions/sign-ins.service';
import { LoginDto } from './dto/login.dto';
import { RefreshDto } from './dto/refresh.dto';
import { RegisterDto } from './dto/register.dto';
import { SignInDto } from './dto/sign-in.dto';

/** Ways in. */
@ApiTags('auth')
@Controller({ path: 'public/auth', version: ['1', '2'] })
@Public('this is where credentials are exchanged for a token')
@RateLimit('auth')
export class PublicAuthController {
  constructor(
    private readonly accounts: LocalAccountsService,
    private readonly signIns: SignInsService,
  ) {}

  /** Make an account and sign in. */
  // No @Idempotent: a stored answer would be a readable copy of the tokens; the address makes a repetition harmless.
  @Post('register')
  @Header('Cache-Control', 'no-store')
  @AuditLog('user.created')
  async register(@Body() body: RegisterDto): Promise<SignInDto> {
    return SignInDto.of(await this.accounts.register(body));
  }

  /** Sign in with e-mail and password. */
  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @AuditLog('user.login')
  async login(@Body() body: LoginDto): Promise<SignInDto> {
    return SignInDto.of(await this.accounts.login(body));
  }

  /** Exchange a refresh token for a fresh pair. */
  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @NoAudit('nobody acts: a client prolongs a recorded sign-in; a stolen token is recorded where it ends the sign-in')
  async refresh(@Body() body: RefreshDto): Promise<SignInDto> {
    return SignInDto.of(await this.signIns.refresh(body.refresh_token));
  }
}
