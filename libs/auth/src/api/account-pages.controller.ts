import { applyDecorators, Controller, Get, Header, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public, RateLimit } from '@platform/security';
import { ACCOUNT_PAGES_SCRIPT, accountPage } from './account-pages';

/** Its own script, which speaks to this server; no other script, no image, no frame. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

const AccountPage = (path: string) =>
  applyDecorators(
    Get(path),
    Header('Content-Type', 'text/html; charset=utf-8'),
    Header('Content-Security-Policy', PAGE_POLICY),
    Header('Cache-Control', 'no-store'),
    // The address of the page carries a token.
    Header('Referrer-Policy', 'no-referrer'),
  );

/** Where links in mails lead while there is no web application; they do nothing before a person says so. */
@ApiExcludeController()
@Controller({ version: VERSION_NEUTRAL })
@Public('development only: the module is loaded where ENVIRONMENT is local and APP_URL names no application')
@RateLimit('none')
export class AccountPagesController {
  /** Verify an address. */
  @AccountPage('verify-email')
  verifyEmail(): string {
    return accountPage('verify-email');
  }

  /** Choose a new password. */
  @AccountPage('reset-password')
  resetPassword(): string {
    return accountPage('reset-password');
  }

  /** Sign in. */
  @AccountPage('magic-link')
  magicLink(): string {
    return accountPage('magic-link');
  }

  /** What the pages do. */
  @Get('account-pages.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): string {
    return ACCOUNT_PAGES_SCRIPT;
  }
}
