import { type MailboxMessage } from '../mailbox/mailbox-message.entity';

/** A message as programs read it, such as the end-to-end tests. */
export class MailboxMessageDto {
  id: string;
  created_at: string;
  from: string;
  to: string;
  subject: string;
  template: string;
  text: string;

  static of(message: MailboxMessage): MailboxMessageDto {
    return {
      id: message.id,
      created_at: message.createdAt.toISOString(),
      from: message.fromAddress,
      to: message.toAddress,
      subject: message.subject,
      template: message.template,
      text: message.text,
    };
  }
}

/** The inbox, newest first. */
export interface MailboxMessagesDto {
  items: MailboxMessageDto[];
  total: number;
}
