import { html, Html } from './html';
import { type MailContext } from './mail-template';

const FONT = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';

/** The whole document around a message: header with the application's name, card of at most 600 px, footer. */
export function layout(content: Html, { appName, year }: MailContext, subject: string): Html {
  // Tables and inline styles: mail programs know little else.
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;padding:0;background:#f3f4f6;color:#1f2937;${FONT};font-size:16px;line-height:1.6">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="padding:32px 16px">
          <tr>
            <td align="center" style="padding:0 0 16px;font-size:20px;font-weight:700">${appName}</td>
          </tr>
          <tr>
            <td align="center">
              <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px">
                <tr>
                  <td style="padding:32px;border-radius:12px;background:#ffffff;text-align:left">${content}</td>
                </tr>
              </table>
            </td>
          </tr>
          <tr>
            <td align="center" style="padding:16px 0 0;font-size:13px;color:#6b7280">&copy; ${year} ${appName}</td>
          </tr>
        </table>
      </body>
    </html>`;
}
