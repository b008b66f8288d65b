import { type Html } from './html';

/** What every template knows besides its own data. */
export interface MailContext {
  /** `PROJECT_NAME`. */
  readonly appName: string;
  /** The year in the footer. */
  readonly year: number;
}

/** A kind of message; the type parameter is what must be known to write one. */
export interface MailTemplate<Data> {
  /** Stable name for logs and the mailbox, such as `welcome`. */
  readonly name: string;
  subject(data: Data, context: MailContext): string;
  /** The content of the card; header and footer come from the layout. */
  html(data: Data, context: MailContext): Html;
  /** The text part; default: the HTML without its looks. */
  text?(data: Data, context: MailContext): string;
}

/**
 * Define a kind of message, in the domain that sends it.
 *
 * ```ts
 * export const WELCOME = defineMailTemplate<{ name: string }>({
 *   name: 'welcome',
 *   subject: (_data, { appName }) => `Welcome to ${appName}!`,
 *   html: ({ name }) => html`<p>Hello ${name},</p>`,
 * });
 * ```
 */
export function defineMailTemplate<Data>(template: MailTemplate<Data>): MailTemplate<Data> {
  if (!/^[a-z][a-z0-9_]{0,49}$/.test(template.name)) {
    throw new Error(
      `Mail template '${template.name}': name it in lower case with underscores, such as 'password_reset'`,
    );
  }
  return Object.freeze(template);
}
