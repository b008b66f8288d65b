import { Injectable } from '@nestjs/common';
import { type User, UserDirectory } from '@omni/users';
import { NoAudit } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { Database } from '@platform/database';
import { type AppPage } from '@platform/kernel';
import { Mailer, type MailTemplate } from '@platform/mail';
import { JobHandler } from '@platform/queue';
import { sha256Hex } from '@platform/crypto';
import { MAGIC_LINK_PAGE, RESET_PASSWORD_PAGE, VERIFY_EMAIL_PAGE } from '../auth.pages';
import { type LinkMail, SendMagicLinkMail, SendPasswordResetMail, SendVerificationMail } from '../contract';
import { LINK_MINUTES, type LinkPurpose, OneTimeTokenRepository } from '../links/one-time-token.repository';
import { type LinkMailData, MAGIC_LINK, RESET_PASSWORD, VERIFY_EMAIL } from './link.mails';

/** Mails links that are good once. An address without an account gets nothing, and nobody is told. */
@Injectable()
export class SendLinkMailsHandler {
  constructor(
    private readonly users: UserDirectory,
    private readonly tokens: OneTimeTokenRepository,
    private readonly mailer: Mailer,
    private readonly database: Database,
    private readonly core: CoreConfig,
  ) {}

  /** To an account whose address is not verified yet. */
  @JobHandler(SendVerificationMail)
  @NoAudit('asking changes nothing; the use of the link is recorded')
  async verification({ email }: LinkMail): Promise<void> {
    const user = await this.reader(email);
    if (user?.emailVerifiedAt === null) await this.send(user, 'verify_email', VERIFY_EMAIL_PAGE, VERIFY_EMAIL);
  }

  /** To any account, also one without a password so far. */
  @JobHandler(SendPasswordResetMail)
  @NoAudit('asking changes nothing; the use of the link is recorded')
  async passwordReset({ email }: LinkMail): Promise<void> {
    const user = await this.reader(email);
    if (user) await this.send(user, 'reset_password', RESET_PASSWORD_PAGE, RESET_PASSWORD);
  }

  /** To any account. */
  @JobHandler(SendMagicLinkMail)
  @NoAudit('asking changes nothing; the use of the link is recorded')
  async magicLink({ email }: LinkMail): Promise<void> {
    const user = await this.reader(email);
    if (user) await this.send(user, 'magic_link', MAGIC_LINK_PAGE, MAGIC_LINK);
  }

  private async reader(email: string): Promise<User | null> {
    const user = await this.users.byEmail(email);
    return user?.isActive ? user : null;
  }

  private async send(user: User, purpose: LinkPurpose, page: AppPage<'token'>, template: MailTemplate<LinkMailData>) {
    // Committed before the mail leaves: a link that somebody holds must be good, whatever becomes of this attempt.
    const token = await this.database.detached(() => this.database.transaction(() => this.issue(user, purpose)));
    if (token === null) return;
    await this.mailer.send({
      to: user.email,
      template,
      data: { link: this.core.linkTo(page, { token }), minutes: LINK_MINUTES[purpose] },
      // Another attempt makes another link, which may not be the first one's: it must not be taken for the same mail.
      key: `${purpose}:${sha256Hex(token)}`,
    });
  }
  /** The account before its links, as everywhere; null when it has gone meanwhile. */
  private async issue(user: User, purpose: LinkPurpose): Promise<string | null> {
    return (await this.users.hold(user.id)) && this.tokens.issue(user, purpose);
  }
}
