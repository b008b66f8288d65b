import { Controller, Get, Header, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CoreConfig } from '@platform/config';
import { type HttpRequest, type HttpResponse } from '@platform/http';
import { pagePolicy } from '@platform/mail';
import { Public } from '@platform/security';
import { type Start, StartFacts } from './start-facts';
import { startPage } from './start-page';
import { START_SCRIPT } from './start-script';

const POLICY = pagePolicy({ script: START_SCRIPT });

/** `/`: the first thing that a newcomer sees. */
@ApiExcludeController()
@Controller({ version: VERSION_NEUTRAL })
@Public('where newcomers find the way in; the module is not loaded in production')
export class StartController {
  constructor(
    private readonly facts: StartFacts,
    private readonly core: CoreConfig,
  ) {}

  /** A page for browsers, JSON for everybody else. */
  @Get()
  @Header('Cache-Control', 'no-store')
  async start(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<string | Start> {
    const start = await this.facts.at(this.core.publicBaseUrl ?? `${request.protocol}://${request.host}`);
    response.vary('Accept');
    if (request.accepts(['json', 'html']) !== 'html') return start;
    response.setHeader('Content-Security-Policy', POLICY);
    response.type('html');
    return startPage(start);
  }
}
