import { defineMailTemplate, html } from '@platform/mail';

/** Says what had been set up on an account before its address was proved; it holds no link, as it asks for nothing. */
export const ADDRESS_PROVED = defineMailTemplate<{ ended: Readonly<Record<string, number>> }>({
  name: 'address_proved',
  subject: (_data, { appName }) => `Your e-mail address is verified (${appName})`,
  html: ({ ended }, { appName }) => html`
    <p>Hello,</p>
    <p>
      you have shown that this address is yours. What had been set up on your account at ${appName} before has ended,
      because until then it could have been anybody:
    </p>
    <ul>
      ${Object.entries(ended).map(([what, count]) => html`<li>${what}: ${count}</li>`)}
    </ul>
    <p>If it was you, set it up again.</p>
  `,
});
