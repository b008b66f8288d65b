import { Controller, Get, Head, HttpCode, Post, Query, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { type HttpResponse } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { HtmlPage, htmlPage, NotInTheApiDocument, html, pagePolicy } from '@platform/mail';
import { Can, CurrentActor, InBrowser, Public, RateLimit, StepUp } from '@platform/security';
import { OPEN_MS } from '../sessions/browser-session.repository';
import { BROWSER_COOKIE, BrowserSessionsService } from '../browser-sessions/browser-sessions.service';
import { BrowserLinkDto, OpenBrowserSessionDto } from './browser-session.dto';

/** How an admin gets into the pages for a browser. */
@ApiTags('auth')
@Controller({ path: 'admin/browser-session', version: ['1', '2'] })
export class BrowserSessionsController {
  constructor(
    private readonly sessions: BrowserSessionsService,
    private readonly core: CoreConfig,
  ) {}

  /** A link to open in a browser: good once and for a minute, it opens the pages under /admin for a quarter of an hour. */
  @Post()
  @Can('auth.open_browser_session')
  @StepUp()
  @AuditLog('browser_session.offered')
  async offer(@CurrentActor() actor: Actor): Promise<BrowserLinkDto> {
    return BrowserLinkDto.of(await this.sessions.offer(actor), this.core.publicBaseUrl ?? this.core.ownUrl);
  }
}

/** Where the link leads. */
const HOME = '/admin/queues';
/** A script, not a redirect: of a redirect that another site began, browsers leave the cookie out. */
const GO_ON = `location.replace(${JSON.stringify(HOME)})`;

/** Where a link for a browser is used. */
@Controller({ path: 'admin/session', version: VERSION_NEUTRAL })
@InBrowser()
@NotInTheApiDocument()
export class BrowserLinkController {
  constructor(
    private readonly sessions: BrowserSessionsService,
    private readonly core: CoreConfig,
  ) {}

  /** A preview of the link does not use it. */
  @Head()
  @Public('it tells nothing')
  @HttpCode(204)
  peek(): void {}

  /** Use the link: the cookie is the browser's from now on. */
  @Get()
  @Public('the link is the credential: 256 bits of chance, good once and for a minute')
  @RateLimit('auth.login')
  @AuditLog('browser_session.opened')
  @HtmlPage(pagePolicy({ script: GO_ON }))
  async open(
    @Query() { token }: OpenBrowserSessionDto,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<string> {
    const secret = await this.sessions.open(token);
    const secure = !this.core.isLocal;
    const name = `${secure ? '__Secure-' : ''}${BROWSER_COOKIE}`;
    response.cookie(name, secret, { httpOnly: true, sameSite: 'strict', secure, path: '/admin', maxAge: OPEN_MS });
    const content = html`<h1>You are in</h1>
      <p><a href="${HOME}">To the queues</a></p>`;
    return htmlPage({ title: 'You are in', content, script: GO_ON });
  }
}
