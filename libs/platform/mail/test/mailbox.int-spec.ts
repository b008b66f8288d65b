import { type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ConfigModule } from '@platform/config';
import { Database, DatabaseModule, Migrator } from '@platform/database';
import { AppError, BootRefused } from '@platform/kernel';
import { configureLogging } from '@platform/observability';
import { defineMailTemplate, DevMailboxModule, html, Mailbox, Mailer, MailModule } from '@platform/mail';
import request from 'supertest';
import { describeEachDatabase } from '../../../../test/support/databases';
import { MAILBOX_SIZE } from '../src/mailbox/mailbox';

const GREETING = defineMailTemplate<{ name: string }>({
  name: 'greeting',
  subject: ({ name }) => `Hello ${name}`,
  html: ({ name }) => html`<p>Hello ${name}</p>`,
});

@Module({ imports: [DatabaseModule, MailModule, DevMailboxModule] })
class LocalApp {}

describeEachDatabase('the mailbox', (test) => {
  let app: INestApplication;
  let mailer: Mailer;
  let database: Database;
  const send = (key: string, to = 'zoe@example.org', name = 'Zoë') =>
    mailer.send({ to, template: GREETING, data: { name }, key });

  beforeAll(async () => {
    // The lines of the console transport are not what is tested here.
    const destination = { write: () => undefined };
    configureLogging({ level: 'ERROR', format: 'json', service: 'test', environment: 'local', destination });
    const imports = [ConfigModule.load([LocalApp], test.environment()), LocalApp];
    const module = await Test.createTestingModule({ imports }).compile();
    app = module.createNestApplication();
    await app.get(Migrator).migrate();
    await app.listen(0, '127.0.0.1');
    mailer = app.get(Mailer);
    database = app.get(Database);
  });
  afterAll(() => app?.close());
  beforeEach(() => database.manager.query('DELETE FROM mailbox_messages'));

  it('keeps a message once, however often and at whatever time it is sent', async () => {
    await Promise.all([send('k1'), send('k1'), send('k1')]);
    await send('k1');
    await send('k2');

    const { body } = await request(app.getHttpServer()).get('/dev/mailbox/messages').expect(200);

    expect(body.total).toBe(2);
  });

  it('forgets a message whose sender rolled back, so that the second attempt delivers it', async () => {
    const attempt = database.transaction(async () => {
      await send('k1');
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await app.get(Mailbox).list()).toEqual([]);

    await send('k1');

    expect(await app.get(Mailbox).list()).toHaveLength(1);
  });

  it('lists as JSON, newest first, all or those to one address', async () => {
    await send('k1', 'zoe@example.org', 'first');
    await send('k2', 'abe@example.org', 'second');
    await send('k3', 'zoe@example.org', 'third');

    const all = await request(app.getHttpServer()).get('/dev/mailbox/messages').expect(200);
    const zoes = await request(app.getHttpServer()).get('/dev/mailbox/messages').query({ to: 'zoe@example.org' });

    expect(all.body.items.map((item: { subject: string }) => item.subject)).toEqual([
      'Hello third',
      'Hello second',
      'Hello first',
    ]);
    expect(zoes.body).toEqual({
      total: 2,
      items: [
        {
          id: expect.any(String),
          created_at: expect.stringMatching(/^\d{4}-.*Z$/),
          from: 'My App <hello@example.com>',
          to: 'zoe@example.org',
          subject: 'Hello third',
          template: 'greeting',
          text: 'Hello third',
        },
        expect.objectContaining({ subject: 'Hello first' }),
      ],
    });
  });

  it('shows the inbox as a page that runs no script, whatever the messages hold', async () => {
    await send('k1', 'zoe@example.org', '<script>alert(1)</script>');

    const page = await request(app.getHttpServer()).get('/dev/mailbox').expect(200);

    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('Hello &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.text).not.toContain('<script');
  });

  it('says that the inbox is empty', async () => {
    const page = await request(app.getHttpServer()).get('/dev/mailbox').expect(200);

    expect(page.text).toContain('No mail yet.');
  });

  it('shows one message in a sandboxed frame, and its HTML only under a sandbox policy', async () => {
    await send('k1');
    const [message] = await app.get(Mailbox).list();
    const path = `/dev/mailbox/messages/${message?.id}`;

    const page = await request(app.getHttpServer()).get(path).expect(200);
    const body = await request(app.getHttpServer()).get(`${path}/html`).expect(200);

    expect(page.text).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(page.text).toContain(`src="${path}/html"`);
    expect(body.headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'self'; sandbox /);
    expect(body.headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(body.text).toContain('<base target="_blank">');
    expect(body.text).toContain('<p>Hello Zoë</p>');
  });

  it.each(['01900000-0000-7000-8000-00000000dead', 'nonsense', "' OR 1=1 --"])('does not find %p', async (id) => {
    await expect(app.get(Mailbox).mustFind(id)).rejects.toMatchObject({ status: 404 } satisfies Partial<AppError>);
  });

  it('keeps the newest messages only', async () => {
    for (let index = 0; index < MAILBOX_SIZE + 5; index++) await send(`k${index}`, 'zoe@example.org', String(index));

    const subjects = (await app.get(Mailbox).list()).map((message) => message.subject);

    expect(subjects).toHaveLength(MAILBOX_SIZE);
    expect(subjects[0]).toBe(`Hello ${MAILBOX_SIZE + 4}`);
    expect(subjects.at(-1)).toBe('Hello 5');
  });

  it('has the schema that its entity says', async () => {
    expect(await app.get(Migrator).drift()).toEqual([]);
  });

  it('keeps nothing and shows nothing outside of local', async () => {
    const environment = {
      ...test.environment(),
      ENVIRONMENT: 'staging',
      ALLOW_SQLITE_IN_PRODUCTION: 'true',
      SECRET_KEY: 'k7Jq0xv9ZrT2mWn4pLs8yBc1dFg6hAe3',
    };
    const staged = (...modules: (typeof MailModule | typeof LocalApp)[]) =>
      Test.createTestingModule({
        imports: [ConfigModule.load([DatabaseModule, ...modules], environment), DatabaseModule, ...modules],
      }).compile();
    const quiet = await staged(MailModule);

    await quiet
      .get(Mailer, { strict: false })
      .send({ to: 'zoe@example.org', template: GREETING, data: { name: 'Z' }, key: 'k' });

    expect(await quiet.get(Mailbox, { strict: false }).list()).toEqual([]);
    await quiet.close();
    await expect(staged(LocalApp)).rejects.toThrow(BootRefused);
  });
});
