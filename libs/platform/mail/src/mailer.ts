import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Clock, PermanentError } from '@platform/kernel';
import { EMAIL_ADDRESS } from '@platform/security';
import { textOf } from './html';
import { layout } from './layout';
import { type MailContext, type MailTemplate } from './mail-template';
import { MailTransport, type RenderedMail } from './mail-transport';
import { MailConfig } from './mail.config';

/** One message to one person. Write to several people in several messages: nobody learns the others' addresses. */
export interface MailMessage<Data> {
  /** The bare address, without a name. */
  readonly to: string;
  readonly template: MailTemplate<Data>;
  readonly data: Data;
  /** Names the occasion, up to 200 characters, such as `welcome:<user id>`: sending it twice delivers it once. */
  readonly key: string;
  /** Instead of the template's own. */
  readonly subject?: string;
}

/** The transports of this process, in the order in which they deliver. */
export class MailTransports {
  constructor(readonly all: readonly MailTransport[]) {}
}

const MAX_KEY_LENGTH = 200;
const MAX_SUBJECT_LENGTH = 200;

/** Writes messages and sends them. */
@Injectable()
export class Mailer {
  constructor(
    private readonly core: CoreConfig,
    private readonly config: MailConfig,
    private readonly transports: MailTransports,
    private readonly clock: Clock,
  ) {}

  /**
   * Write and send one message; call it from a job, which is tried again when this throws.
   * @returns the id of the message
   * @throws PermanentError when the address or the key can never be sent to
   */
  async send<Data>(message: MailMessage<Data>): Promise<{ id: string }> {
    const mail = this.render(message);
    for (const transport of this.transports.all) await transport.deliver(mail);
    return { id: mail.id };
  }

  /** The message as it would leave. */
  render<Data>({ data, key, subject, template, to }: MailMessage<Data>): RenderedMail {
    const address = EMAIL_ADDRESS.normalise(to);
    const problem = EMAIL_ADDRESS.problem(address);
    if (problem) throw new PermanentError(`Mail '${template.name}' cannot be addressed: ${problem}`);
    if (key === '' || key.length > MAX_KEY_LENGTH) {
      throw new PermanentError(
        `Mail '${template.name}' needs a key of 1 to ${MAX_KEY_LENGTH} characters that names its occasion`,
      );
    }
    const context: MailContext = { appName: this.core.projectName, year: this.clock.now().getUTCFullYear() };
    const title = oneLine(subject ?? template.subject(data, context));
    const content = template.html(data, context);
    return {
      key,
      id: `${this.config.provider}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`,
      from: `${this.config.fromName} <${this.config.fromAddress}>`,
      to: address,
      subject: title,
      template: template.name,
      html: layout(content, context, title).markup,
      text: template.text?.(data, context) ?? textOf(content.markup),
    };
  }
}

/** A subject is one header line: a line break would begin the next header. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, MAX_SUBJECT_LENGTH)
    .toWellFormed();
}
