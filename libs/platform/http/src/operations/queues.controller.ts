import { Controller, Get, Header, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { NotInTheApiDocument } from '@platform/mail';
import { Can, InBrowser } from '@platform/security';
import { type HttpRequest, type HttpResponse } from '../http-request';
import { QueuePages } from './queue-pages';

/** Styles stand in the page's own elements; scripts come from files of ours alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The queues of BullMQ, for admins and for eyes. */
@Controller({ path: 'admin/queues', version: VERSION_NEUTRAL })
@Can('queues.look')
@InBrowser()
@NotInTheApiDocument()
export class QueuesController {
  constructor(private readonly pages: QueuePages) {}

  /** The board, its files and what it asks for. */
  @Get(['', '*path'])
  @Header('Content-Security-Policy', POLICY)
  @Header('Referrer-Policy', 'no-referrer')
  async board(@Req() request: HttpRequest, @Res() response: HttpResponse): Promise<void> {
    await this.pages.answer(request, response);
  }
}
