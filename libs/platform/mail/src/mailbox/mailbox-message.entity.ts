import { IdColumn, PersonalData, TextColumn, TimeColumn } from '@platform/database';
import { Entity, Index } from 'typeorm';

/** A message in the inbox of a developer. */
@Entity('mailbox_messages')
@Index(['createdAt'])
export class MailboxMessage {
  @IdColumn()
  id: string;

  @TimeColumn()
  createdAt: Date;

  /** The message's idempotency key: one row per occasion. */
  @TextColumn({ length: 200, unique: true })
  messageKey: string;

  @TextColumn()
  fromAddress: string;

  @TextColumn({ length: 320 })
  @PersonalData({
    holds: 'email',
    summary: 'Mails to the person, in the inbox of a developer',
    erasure: { kind: 'delete' },
  })
  toAddress: string;

  @TextColumn()
  subject: string;

  @TextColumn({ length: 50 })
  template: string;

  @TextColumn()
  html: string;

  @TextColumn()
  text: string;
}
