import { Body, Controller, Header, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog, NoAudit } from '@platform/audit';
import { Public, RateLimit } from '@platform/security';
import { AccountMails } from '../links/account-mails';
import { EmailVerificationService } from '../links/email-verification.service';
import { MagicLinksService } from '../sign-in/magic-links.service';
import { PasswordResetsService } from '../passwords/password-resets.service';
import { EmailDto, LinkTokenDto, ResetPasswordDto } from './account.dto';
import { DeviceCookies } from './device-tokens';
import { AccountKey, LinkKey } from './rate-limit-keys';
import { SignInDto } from './sign-in.dto';

const ASKED = 'Accepted; whether the address has an account is not told';
const SAYS_NOTHING = 'asking changes nothing; what the link in the mail does is recorded';

/** Links in mails: asking for them, and what they are good for. */
@ApiTags('auth')
@Controller({ path: 'public/auth', version: ['1', '2'] })
@Public('this is where the holder of a mailbox proves it')
@UseInterceptors(DeviceCookies)
export class PublicAccountsController {
  constructor(
    private readonly mails: AccountMails,
    private readonly verification: EmailVerificationService,
    private readonly resets: PasswordResetsService,
    private readonly magicLinks: MagicLinksService,
  ) {}

  /** Verify an e-mail address by the link that was mailed to it. */
  @Post('verify-email')
  @RateLimit('auth.login', LinkKey)
  @HttpCode(204)
  @ApiNoContentResponse()
  @AuditLog('user.email_verified')
  async verifyEmail(@Body() body: LinkTokenDto): Promise<void> {
    await this.verification.verify(body.token);
  }

  /** Ask for another link that verifies an e-mail address. */
  @Post('verify-email/resend')
  @RateLimit('auth.mail', AccountKey)
  @HttpCode(202)
  @ApiAcceptedResponse({ description: ASKED })
  @NoAudit(SAYS_NOTHING)
  async resend(@Body() body: EmailDto): Promise<void> {
    await this.mails.verification(body.email);
  }

  /** Ask for a link that sets a new password. */
  @Post('password/forgot')
  @RateLimit('auth.mail', AccountKey)
  @HttpCode(202)
  @ApiAcceptedResponse({ description: ASKED })
  @NoAudit(SAYS_NOTHING)
  async forgot(@Body() body: EmailDto): Promise<void> {
    await this.mails.passwordReset(body.email);
  }

  /** Set a new password by the link that was mailed; every session ends, and with `revoke_api_keys` every API key. */
  @Post('password/reset')
  @RateLimit('auth.login', LinkKey)
  @HttpCode(204)
  @ApiNoContentResponse()
  @AuditLog('user.password_reset')
  async reset(@Body() body: ResetPasswordDto): Promise<void> {
    await this.resets.reset(body.token, body.password, body.revoke_api_keys === true);
  }

  /** Ask for a link that signs in. */
  @Post('magic-link')
  @RateLimit('auth.mail', AccountKey)
  @HttpCode(202)
  @ApiAcceptedResponse({ description: ASKED })
  @NoAudit(SAYS_NOTHING)
  async magicLink(@Body() body: EmailDto): Promise<void> {
    await this.mails.magicLink(body.email);
  }

  /** Sign in by the link that was mailed. */
  // No @Idempotent: a stored answer would be a readable copy of the tokens.
  @Post('magic-link/exchange')
  @RateLimit('auth.login', LinkKey)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @AuditLog('user.login')
  async exchange(@Body() body: LinkTokenDto): Promise<SignInDto> {
    return SignInDto.of(await this.magicLinks.exchange(body.token));
  }
}
