import { Injectable } from '@nestjs/common';
import { Database, statement } from '@platform/database';
import { Clock, Ids, NotFound } from '@platform/kernel';
import { CANONICAL_UUID } from '@platform/security';
import { type RenderedMail } from '../mail-transport';
import { MailboxMessage } from './mailbox-message.entity';

/** The inbox keeps this many messages, the newest. */
export const MAILBOX_SIZE = 200;

const KEEP = statement(
  'mailbox.keep',
  `INSERT INTO mailbox_messages
     (id, created_at, message_key, from_address, to_address, subject, template, html, text)
   VALUES (:id, :created_at, :key, :from, :to, :subject, :template, :html, :text)
   ON CONFLICT (message_key) DO NOTHING`,
);
const FORGET_OLDEST = statement(
  'mailbox.forget-oldest',
  `DELETE FROM mailbox_messages WHERE id NOT IN
     (SELECT id FROM mailbox_messages ORDER BY created_at DESC, id DESC LIMIT :size)`,
);

/** The in-app inbox: rows, so that the API shows what a separate worker sent. Only in `local`. */
@Injectable()
export class Mailbox {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Keep a message; one of the same key is there already, and nothing happens. */
  async keep({ from, html, key, subject, template, text, to }: RenderedMail): Promise<void> {
    const row = { id: this.ids.next(), created_at: this.clock.now(), key, from, to, subject, template, html, text };
    const kept = await this.database.execute(KEEP, row);
    if (kept > 0) await this.database.execute(FORGET_OLDEST, { size: MAILBOX_SIZE });
  }

  /** Newest first, all or those to one address; at most {@link MAILBOX_SIZE}. */
  list(to?: string): Promise<MailboxMessage[]> {
    return this.database.repository(MailboxMessage).find({
      where: to === undefined ? {} : { toAddress: to },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: MAILBOX_SIZE,
    });
  }

  /** @throws NotFound */
  async mustFind(id: string): Promise<MailboxMessage> {
    // PostgreSQL refuses to compare a uuid with anything else.
    const known = CANONICAL_UUID.problem(id) === undefined;
    const message = known ? await this.database.repository(MailboxMessage).findOneBy({ id }) : null;
    if (!message) throw new NotFound('MailboxMessage', id);
    return message;
  }
}
