import { Controller, Get, Header, Param, Query, VERSION_NEUTRAL } from '@nestjs/common';
import { Public, RateLimit } from '@platform/security';
import { Mailbox } from '../mailbox/mailbox';
import { pagePolicy } from '../pages/html-page';
import { inboxPage, messageBody, messagePage } from '../pages/mailbox-pages';
import { HtmlPage, NotInTheApiDocument } from './development-page';
import { MailboxMessageDto, type MailboxMessagesDto } from './mailbox-message.dto';

const PAGE_POLICY = pagePolicy({ frames: true });
/** A mail is foreign content: no script, no form, no origin, also when it is opened by itself. */
const BODY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox';

/** The inbox of a developer. */
@Controller({ path: 'dev/mailbox', version: VERSION_NEUTRAL })
@Public('development only: the module is loaded where ENVIRONMENT is local, and nowhere else')
@RateLimit('none')
@NotInTheApiDocument()
export class DevMailboxController {
  constructor(private readonly mailbox: Mailbox) {}

  /** Every message, for eyes. */
  @Get()
  @HtmlPage(PAGE_POLICY)
  async inbox(): Promise<string> {
    return inboxPage(await this.mailbox.list());
  }

  /** Every message, or those `to` one address, for programs. */
  @Get('messages')
  @Header('Cache-Control', 'no-store')
  async messages(@Query('to') to?: string): Promise<MailboxMessagesDto> {
    const messages = await this.mailbox.list(to);
    return { items: messages.map((message) => MailboxMessageDto.of(message)), total: messages.length };
  }

  /** One message with its envelope. */
  @Get('messages/:id')
  @HtmlPage(PAGE_POLICY)
  async message(@Param('id') id: string): Promise<string> {
    return messagePage(await this.mailbox.mustFind(id));
  }

  /** One message as a mail program shows it. */
  @Get('messages/:id/html')
  @HtmlPage(BODY_POLICY)
  @Header('X-Frame-Options', 'SAMEORIGIN')
  async body(@Param('id') id: string): Promise<string> {
    return messageBody(await this.mailbox.mustFind(id));
  }
}
