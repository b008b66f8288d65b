import { type Actor, runInContext, systemActor } from '@platform/kernel';
import { configureLogging, Log, type LoggingOptions } from './log';
import { NestLog } from './nest-log';

type Line = Record<string, unknown> & { exception?: { message: string; traceback: string } };

function capture(options: Partial<LoggingOptions> = {}): Line[] {
  const lines: Line[] = [];
  configureLogging({
    level: 'DEBUG',
    format: 'json',
    service: 'OmniStack API',
    environment: 'production',
    destination: { write: (text) => void lines.push(JSON.parse(text) as Line) },
    ...options,
  });
  return lines;
}

const everything = (lines: Line[]): string => JSON.stringify(lines);

describe('Log', () => {
  it('writes the fields of spec 06 §6 with the context of the running request', () => {
    const lines = capture();
    const actor: Actor = { kind: 'user', id: '0192-user', permissions: new Set() };
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

    runInContext({ requestId: 'req-1', actor, traceparent }, () => Log.for('queue').warn('Job failed', { attempt: 2 }));

    expect(lines[0]).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: 'WARNING',
      logger: 'queue',
      message: 'Job failed',
      service: 'OmniStack API',
      environment: 'production',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      request_id: 'req-1',
      user_id: '0192-user',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      attempt: 2,
    });
  });

  it('names the person who asked for a job, and nobody where the system acts by itself', () => {
    const lines = capture();
    const work = { requestId: 'req-1', actor: systemActor('job:users.send_welcome_mail') };

    runInContext({ ...work, onBehalfOf: { kind: 'user', id: '0192-user' } }, () => Log.for('mail').info('Sent'));
    runInContext(work, () => Log.for('mail').info('Sent'));

    expect(lines.map((line) => line.user_id)).toEqual(['0192-user', undefined]);
  });

  it('is set by the level for loggers that exist already', () => {
    const log = Log.for('early');
    const lines = capture({ level: 'ERROR' });
    log.warn('quiet');
    log.error('loud');
    expect(lines.map((line) => line.message)).toEqual(['loud']);
  });

  it('keeps a fact from taking the place of a field of the line', () => {
    const lines = capture();
    Log.for('x').info('true message', { message: 'forged', level: 'ERROR' });
    expect(lines[0]).toMatchObject({
      message: 'true message',
      level: 'INFO',
      fact_message: 'forged',
      fact_level: 'ERROR',
    });
  });

  it('hides an API key wherever it stands, and leaves what lists show of it', () => {
    const lines = capture();
    const key = 'omni_live_3kTMd2cyZcQ1gX8eI4bqA9_LmN0pQrStUv-XyZab';
    const error = new Error(`refused ${key}`, { cause: new Error(`key=${key},`) });
    Log.for('auth').warn(`Bearer ${key}`, { error, note: `x${key}`, list: [{ deep: key }], url: `/a/${key}/b` });
    Log.for('auth').info('stripe', { text: 'sk_live_51Mabcdefghijklmnop, rk_test_51Mabcdefghijklmnop' });
    Log.for('auth').info('shown omni_live_3kTMd2');
    expect(everything(lines)).not.toMatch(/3kTMd2c|51Mabc/);
    expect(lines[2]).toMatchObject({ message: 'shown omni_live_3kTMd2' });
  });

  it('describes an error and its cause without what drivers hang on it', () => {
    const lines = capture();
    const driver = Object.assign(new Error('duplicate key'), {
      code: '23505',
      query: 'INSERT x',
      parameters: ['pw-123456'],
    });
    Log.for('db').error('Write failed', { error: new Error('outer', { cause: driver }) });
    expect(lines[0]?.exception).toMatchObject({
      type: 'Error',
      message: 'outer',
      cause: { message: 'duplicate key', code: '23505' },
    });
    expect(everything(lines)).not.toMatch(/pw-123456|INSERT/);
  });

  it('survives a fact that cannot be read', () => {
    const lines = capture();
    const trap = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    Log.for('x').info('trap', { trap });
    Log.for('x').info('circle', { circle });
    expect(lines.map((line) => line.message)).toEqual(['trap', 'circle']);
  });

  it.each([
    [
      'a header in any case',
      {
        headers: { Authorization: 'Bearer S3CRETVALUE', 'SET-COOKIE': ['sid=S3CRETVALUE'], 'X-Api-Key': 'S3CRETVALUE' },
      },
    ],
    [
      'signatures of webhooks',
      { 'stripe-signature': 't=1,v1=S3CRETVALUE', 'svix-signature': 'v1,S3CRETVALUE', signedPayload: 'S3CRETVALUE' },
    ],
    ['a password three levels down', { a: { b: { c: { password: 'S3CRETVALUE', client_secret: 'S3CRETVALUE' } } } }],
    ['a secret inside a list', { users: [{ refreshToken: 'S3CRETVALUE' }] }],
    ['a secret inside a map', { map: new Map([['apiKey', 'S3CRETVALUE']]) }],
    ['a query token in a url', { url: '/socket.io/?EIO=4&token=S3CRETVALUE&transport=polling' }],
    ['a code and a state in a url', { url: '/callback?code=S3CRETVALUE&state=S3CRETVALUE' }],
    ['a state in an error', { error: new Error('no attempt for https://api.test/cb?iss=x&state=S3CRETVALUE') }],
    ['credentials in a url', { target: 'redis://default:S3CRETVALUE@cache:6379/0' }],
    ['a user name as credential', { target: 'https://S3CRETVALUE@sentry.example/1' }],
    ['a password with @ and / in it', { target: 'postgres://u:p@S3CRETVALUE/x@db:5432/app' }],
    ['credentials in an error', { error: new Error('connect postgresql://app:S3CRETVALUE@db/app refused') }],
    ['credentials in a cause', { error: new Error('x', { cause: new Error('libpq: password=S3CRETVALUE host=db') }) }],
    ['credentials in an aggregate', { error: new AggregateError([new Error('redis://:S3CRETVALUE@h')], 'all') }],
    ['a thrown object', { error: { response: { config: { headers: { authorization: 'S3CRETVALUE' } } } } }],
    ['json in a text', { text: '{"password":"S3CRETVALUE","a":1}' }],
    ['a bearer value in a text', { text: 'refused: authorization Bearer S3CRETVALUE' }],
  ])('hides %s', (_what, facts) => {
    const lines = capture();
    Log.for('x').error('trouble', facts);
    expect(everything(lines)).not.toContain('S3CRETVALUE');
    expect(everything(lines)).toContain('[redacted]');
  });

  it('hides a JWT in the message itself', () => {
    const lines = capture();
    Log.for('x').info('got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl from client');
    expect(lines[0]?.message).toBe('got [redacted] from client');
  });

  it('leaves counters of tokens and web addresses with a port alone', () => {
    const lines = capture({ environment: 'local' });
    Log.for('x').info('see http://localhost:3000/users/@me', { usage: { prompt_tokens: 12 }, token_count: 3 });
    expect(lines[0]).toMatchObject({
      message: 'see http://localhost:3000/users/@me',
      usage: { prompt_tokens: 12 },
      token_count: 3,
    });
  });

  it('masks e-mail addresses outside local only', () => {
    const production = capture();
    Log.for('x').info('mail to ada.lovelace@example.org', { to: 'grace@example.co.uk' });
    expect(production[0]).toMatchObject({ message: 'mail to a***@example.org', to: 'g***@example.co.uk' });

    const local = capture({ environment: 'local' });
    Log.for('x').info('mail to ada.lovelace@example.org');
    expect(local[0]?.message).toBe('mail to ada.lovelace@example.org');
  });

  it('bounds what one line can hold and the time it takes', () => {
    const lines = capture();
    const started = performance.now();
    for (const unit of ['a', '@', '://', 'http://a:', '&token', 'eyJ.', 'Bearer ', 'a.', 'x@', 'password=']) {
      Log.for('x').info(unit.repeat(100_000), {
        deep: nested(1_000),
        text: unit.repeat(50_000),
        list: Array(10_000).fill(1),
      });
    }
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(Math.max(...lines.map((line) => JSON.stringify(line).length))).toBeLessThan(40_000);
  });
});

function nested(levels: number): object {
  let value: object = {};
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}

describe('NestLog', () => {
  it('passes lines on under the name that Nest gives', () => {
    const lines = capture();
    const nest = new NestLog();
    nest.warn('careful', 'MyService');
    nest.error('broke', 'Error: broke\n    at x', 'MyService');
    nest.log('Mapped {/x, GET} route', 'RouterExplorer');
    expect(lines[0]).toMatchObject({ level: 'WARNING', logger: 'MyService', message: 'careful' });
    expect(lines[1]).toMatchObject({
      level: 'ERROR',
      logger: 'MyService',
      message: 'broke',
      stack: 'Error: broke\n    at x',
    });
    expect(lines[2]).toMatchObject({ level: 'DEBUG', logger: 'RouterExplorer' });
  });
});
