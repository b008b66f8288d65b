import { CoreConfig, oneOf, type OtherSections, setting, settings } from '@platform/config';
import { z } from 'zod';

/** How mail leaves, and in whose name. */
export class MailConfig extends settings('mail', {
  provider: setting(
    'EMAIL_PROVIDER',
    oneOf('console').default('console'),
    'console writes mail to the log; in local, every message is also kept in /dev/mailbox.',
  ),
  fromAddress: setting(
    'EMAIL_FROM_ADDRESS',
    z.email({ error: 'expected an e-mail address' }).max(254).default('hello@example.com'),
    'Address that mail comes from.',
  ),
  fromName: setting(
    'EMAIL_FROM_NAME',
    z
      .string()
      .max(100)
      .regex(/^[^\p{Cc}<>"]*$/u, { error: 'expected a name without control characters, quotes and angle brackets' })
      .default('My App'),
    'Name that mail comes from, up to 100 characters.',
  ),
}) {
  static override advise(values: MailConfig, other: OtherSections): string[] {
    if (values.reachesPeople || !other(CoreConfig).isProduction) return [];
    return [
      'EMAIL_PROVIDER=console (mail.provider) writes mail to the log and sends none: nobody gets a link to reset a ' +
        'password, nor an invitation',
    ];
  }

  /** Whether mail leaves this machine. */
  get reachesPeople(): boolean {
    return this.provider !== 'console';
  }
}
