import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { type HttpRequest, type HttpResponse } from '@platform/http';
import { Public, RateLimit } from '@platform/security';
import { SIGN_IN_COMPLETE_PAGE } from '../auth.pages';
import { type AttemptCookie, Attempts } from '../oidc/attempts';
import { OidcProviders } from '../oidc/oidc-providers';
import { OidcCodesService } from '../sign-in/oidc-codes.service';
import { OidcSignInsService } from '../oidc/oidc-sign-ins.service';
import { DeviceCookies } from './device-tokens';
import { OidcCodeDto, OidcProviderDto, StartOidcDto } from './oidc.dto';
import { CodeKey } from './rate-limit-keys';
import { SignInDto } from './sign-in.dto';

const LOCATION = { Location: { description: 'Where the browser goes.', schema: { type: 'string' } } } as const;

/** Ways in through other providers. */
@ApiTags('auth')
@Controller({ path: 'public/auth/oidc', version: ['1', '2'] })
@Public('people who sign in at a provider have no credentials of ours yet')
export class PublicOidcController {
  constructor(
    private readonly providers: OidcProviders,
    private readonly attempts: Attempts,
    private readonly signIns: OidcSignInsService,
    private readonly codes: OidcCodesService,
    private readonly core: CoreConfig,
  ) {}

  /** The providers that one can sign in with. */
  @Get()
  @ApiResponse({ status: 200, type: [OidcProviderDto] })
  list(): OidcProviderDto[] {
    return this.providers.all.map(OidcProviderDto.of);
  }

  /** Begin: leads the browser to the provider. */
  @Get(':provider/start')
  @HttpCode(302)
  @Header('Cache-Control', 'no-store')
  @ApiResponse({ status: 302, description: 'To the provider', headers: LOCATION })
  async start(
    @Param('provider') name: string,
    @Query() query: StartOidcDto,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<void> {
    const { cookie, location } = await this.signIns.start(this.providers.mustFind(name), query);
    lead(response, location, cookie);
  }

  /** The provider leads the browser back here; it goes on to APP_URL/sign-in/complete with `code` or `error`. */
  @Get(':provider/callback')
  @HttpCode(303)
  @Header('Cache-Control', 'no-store')
  @ApiResponse({ status: 303, description: 'To the web application', headers: LOCATION })
  async callback(
    @Param('provider') name: string,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<void> {
    const provider = this.providers.mustFind(name);
    const { search } = new URL(request.originalUrl, provider.redirectUri);
    const outcome = await this.signIns.finish(provider, search, request.headers.cookie);
    lead(response, this.core.linkTo(SIGN_IN_COMPLETE_PAGE, outcome), this.attempts.forget(provider));
  }

  /** Exchange the one-time code of a way through a provider for tokens. */
  // No @Idempotent: a stored answer would be a readable copy of the tokens; a code is good for one use.
  @Post('exchange')
  @RateLimit('auth.login', CodeKey)
  @UseInterceptors(DeviceCookies)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @AuditLog('user.login')
  async exchange(@Body() body: OidcCodeDto): Promise<SignInDto> {
    return SignInDto.of(await this.codes.exchange(body));
  }
}

/** Express's `redirect` would write a body, and end the answer before the pipeline does. */
function lead(response: HttpResponse, location: string, { name, options, value }: AttemptCookie): void {
  response.setHeader('Location', location);
  response.cookie(name, value, options);
}
