import { CoreConfig, LoadedSettings } from '@platform/config';
import { PermanentError } from '@platform/kernel';
import { html } from './html';
import { defineMailTemplate } from './mail-template';
import { MailTransport, type RenderedMail } from './mail-transport';
import { MailConfig } from './mail.config';
import { Mailer, MailTransports } from './mailer';

const GREETING = defineMailTemplate<{ name: string }>({
  name: 'greeting',
  subject: ({ name }, { appName }) => `${appName} greets ${name}`,
  html: ({ name }) =>
    html`<h1>Hello ${name}</h1>
      <p>Good to see you.</p>`,
});

class Kept extends MailTransport {
  readonly name = 'kept';
  readonly mails: RenderedMail[] = [];

  async deliver(mail: RenderedMail): Promise<void> {
    this.mails.push(mail);
  }
}

class Away extends MailTransport {
  readonly name = 'away';

  deliver(): Promise<void> {
    return Promise.reject(new Error('the provider hangs up'));
  }
}

const environment = { SECRET_KEY: 's'.repeat(32), PROJECT_NAME: 'Garden', EMAIL_FROM_NAME: 'The Gardener' };
const settings = LoadedSettings.load([CoreConfig, MailConfig], environment);
const clock = { now: () => new Date('2031-05-06T00:00:00.000Z') };

function mailer(...transports: MailTransport[]): Mailer {
  return new Mailer(settings.get(CoreConfig), settings.get(MailConfig), new MailTransports(transports), clock);
}

const message = (change: object = {}) => ({
  to: 'Zoe@Example.org',
  template: GREETING,
  data: { name: '<Zoë>' },
  key: 'greeting:1',
  ...change,
});

describe('Mailer', () => {
  it('writes subject, escaped HTML in the layout, and text', async () => {
    const kept = new Kept();

    const { id } = await mailer(kept).send(message());

    expect(kept.mails).toEqual([
      expect.objectContaining({
        id,
        key: 'greeting:1',
        from: 'The Gardener <hello@example.com>',
        to: 'zoe@example.org',
        subject: 'Garden greets <Zoë>',
        template: 'greeting',
        text: 'Hello <Zoë>\n\nGood to see you.',
      }),
    ]);
    expect(kept.mails[0]?.html).toContain('<h1>Hello &lt;Zoë&gt;</h1>');
    expect(kept.mails[0]?.html).toContain('&copy; 2031 Garden');
  });

  it('gives a repeated message the same id, and another occasion another one', async () => {
    const { send } = mailer();
    const ids = await Promise.all(['a', 'a', 'b'].map((key) => send.call(mailer(), message({ key }))));

    expect(ids[0]).toEqual(ids[1]);
    expect(ids[0]).not.toEqual(ids[2]);
    expect(ids[0]).toEqual({ id: expect.stringMatching(/^console-[0-9a-f]{12}$/) });
  });

  it('keeps a subject on its one line', () => {
    const { subject } = mailer().render(message({ subject: 'Hi\r\nBcc: all@example.org\u2028x' }));

    expect(subject).toBe('Hi Bcc: all@example.org x');
  });

  it('prefers the text that the template writes', () => {
    const template = { ...GREETING, text: () => 'as written' };

    expect(mailer().render(message({ template })).text).toBe('as written');
  });

  it.each([
    '',
    'zoe',
    'a@b.org, c@d.org',
    'zoe@example.org\r\nBcc: all@example.org',
    'Zoe <zoe@example.org>',
    '@b.org',
  ])('gives up on the address %p at once', async (to) => {
    await expect(mailer(new Kept()).send(message({ to }))).rejects.toBeInstanceOf(PermanentError);
  });

  it.each(['', 'k'.repeat(201)])('gives up on a key of impossible length', async (key) => {
    await expect(mailer(new Kept()).send(message({ key }))).rejects.toBeInstanceOf(PermanentError);
  });

  it('passes on the failure of a transport, so that the job is tried again', async () => {
    await expect(mailer(new Away()).send(message())).rejects.toThrow('the provider hangs up');
  });
});

describe('defineMailTemplate', () => {
  it('refuses a name that is no name', () => {
    expect(() => defineMailTemplate({ ...GREETING, name: 'Welcome mail' })).toThrow("'password_reset'");
  });
});

describe('MailConfig', () => {
  const load = (change: object) => () => LoadedSettings.load([MailConfig], { ...environment, ...change });

  it.each([
    { EMAIL_PROVIDER: 'pigeon' },
    { EMAIL_FROM_ADDRESS: 'nobody' },
    { EMAIL_FROM_NAME: 'Eve\r\nBcc: all@example.org' },
    { EMAIL_FROM_NAME: 'Eve <eve@example.org>' },
  ])('refuses %p', (change) => {
    expect(load(change)).toThrow(Object.keys(change)[0]);
  });
});
