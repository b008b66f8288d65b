import { gzipSync } from 'node:zlib';
import { describeEachDatabase } from '../../../../test/support/databases';
import { pause } from '../../../../test/support/app-process';
import { type RawAnswer, rawRequest, rawText, sendRaw } from '../../../../test/support/raw-http';
import { NotesService } from './notes.module';
import { type ProbeApp, startProbe } from './probe-app';

const NOTES = '/api/v1/app/notes';
const PROBE = '/api/v1/public/probe';

describeEachDatabase('errors over HTTP', (database) => {
  let probe: ProbeApp;

  beforeAll(async () => {
    probe = await startProbe({
      ...database.environment(),
      RATE_LIMIT_AUTHENTICATED: '10000/minute',
      HTTP_HEADERS_TIMEOUT_SECONDS: '1',
    });
  });
  afterAll(() => probe.close());

  const send = (method: string, path: string, body?: Buffer | string, headers: Record<string, string> = {}) =>
    sendRaw(
      probe.base,
      rawRequest(
        method,
        path,
        { 'Content-Type': 'application/json', Authorization: 'Bearer ann', ...headers },
        Buffer.from(body ?? ''),
      ),
    );

  function errorOf(answer: RawAnswer): { code: string; details: object; request_id: string; message: string } {
    const { error } = JSON.parse(answer.body);
    expect(Object.keys(error)).toEqual(['code', 'message', 'details', 'request_id']);
    expect(error.request_id).toBe(answer.headers['x-request-id']);
    return error;
  }

  it.each([
    ['teapot', 418, 'TEAPOT', { spout: 1 }],
    ['nest', 403, 'AUTHORIZATION_ERROR', {}],
    ['type', 500, 'INTERNAL_ERROR', { request_id: expect.any(String) }],
    ['thrown', 500, 'INTERNAL_ERROR', { request_id: expect.any(String) }],
    ['sql', 500, 'INTERNAL_ERROR', { request_id: expect.any(String) }],
  ])('answers the failure %s with %i %s', async (kind, status, code, details) => {
    for (const version of ['v1', 'v2']) {
      const { body, status: answered } = await probe.call('GET', `/api/${version}/public/probe/fail/${kind}`);
      expect([answered, body.error.code, body.error.details]).toEqual([status, code, details]);
    }
  });

  it('shows nothing of an unexpected error and logs it whole under its request id', async () => {
    const answer = await probe.call('GET', `${PROBE}/fail/type`, { headers: { 'x-request-id': 'find-me' } });
    expect(answer.text).not.toMatch(/hunter2|app\.js|TypeError/);
    const line = probe.log.map((text) => JSON.parse(text)).find(({ message }) => message === 'Unexpected error');
    expect(line).toBeDefined();
    const mine = probe.log.filter((text) => text.includes('find-me') && text.includes('TypeError'));
    expect(mine).toHaveLength(1);
  });

  it('answers the same as problem+json to clients that ask for it', async () => {
    const headers = { accept: 'application/problem+json' };
    const answer = await probe.call('GET', `${PROBE}/fail/teapot?x=secret`, { headers });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('vary')).toBe('Origin, Accept');
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: "I'm a Teapot",
      status: 418,
      detail: 'Short and stout',
      instance: `${PROBE}/fail/teapot`,
      code: 'TEAPOT',
      request_id: answer.headers.get('x-request-id'),
      details: { spout: 1 },
    });
  });

  it('answers an unknown route with 404 and a known path under another method with 405 and Allow', async () => {
    const unknown = await send('GET', '/api/v1/nowhere');
    expect([unknown.status, errorOf(unknown).details]).toEqual([404, { resource: 'Route', id: '/api/v1/nowhere' }]);
    // Who left out the prefix is told, in the version that was asked for; with the id that was asked for.
    const id = '0198f1c2-6f3a-7000-8000-000000000001';
    for (const [path, meant] of [
      ['/notes', NOTES],
      ['/api/notes', NOTES],
      ['/api/v1/notes', NOTES],
      ['/v2/notes', '/api/v2/app/notes'],
      ['/api/v2/public/notes', '/api/v2/app/notes'],
      [`/notes/${id}?a=b`, `${NOTES}/${id}`],
    ] as const) {
      const hinted = errorOf(await send('GET', path));
      expect([path, hinted.message]).toEqual([path, `Route not found; did you mean ${meant}?`]);
      expect(hinted.details).toMatchObject({ resource: 'Route', similar: [meant] });
    }
    expect(errorOf(await send('GET', '/')).message).toBe('Route not found');
    const method = await send('PUT', NOTES, '{}');
    expect([method.status, errorOf(method).code, method.headers.allow]).toEqual([
      405,
      'METHOD_NOT_ALLOWED',
      'GET, HEAD, POST',
    ]);
  });

  it.each(['%E0%A4%A', '%', '%zz', '%00', '%C0%AF'])('answers the path parameter %s with 4xx', async (id) => {
    const answer = await send('GET', `${NOTES}/${id}`);
    expect([400, 404]).toContain(answer.status);
    errorOf(answer);
  });

  it.each(['%E0%A4%A', '%zz', 'a%00b', '__proto__=1', 'skip=%ED%A0%80'])(
    'answers the query %s with 4xx',
    async (query) => {
      const answer = await send('GET', `${NOTES}?${query}`);
      expect([400, 422]).toContain(answer.status);
      errorOf(answer);
    },
  );

  it('turns a unique violation that nobody foresaw into 409', async () => {
    await send('POST', NOTES, '{"name":"only one"}');
    const again = await send('POST', NOTES, '{"name":"only one"}');
    expect([again.status, errorOf(again).code]).toEqual([409, 'CONFLICT']);
  });

  describe('bodies', () => {
    it('answers 413 to 20 MB before they have arrived, and to a body that grows', async () => {
      const huge = await send('POST', NOTES, Buffer.alloc(20 * 1024 * 1024, 0x20));
      expect([huge.status, errorOf(huge).details]).toEqual([413, { limit: 102_400 }]);
      expect(huge.milliseconds).toBeLessThan(1_000);
      const chunk = `2000\r\n${' '.repeat(8192)}\r\n`;
      const head =
        `POST ${NOTES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        'Authorization: Bearer ann\r\nTransfer-Encoding: chunked\r\n\r\n';
      expect((await sendRaw(probe.base, `${head}${chunk.repeat(40)}0\r\n\r\n`)).status).toBe(413);
    });

    it('never unfolds a gzip bomb, and reads honest gzip', async () => {
      const gzip = { 'Content-Encoding': 'gzip' };
      expect((await send('POST', NOTES, gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20)), gzip)).status).toBe(413);
      expect((await send('POST', NOTES, gzipSync('{"name":"zipped"}'), gzip)).status).toBe(201);
      expect((await send('POST', NOTES, 'not gzip', gzip)).status).toBe(400);
      expect((await send('POST', NOTES, '{}', { 'Content-Encoding': 'br' })).status).toBe(415);
    });

    it('holds a route to its own limit', async () => {
      expect((await send('POST', `${PROBE}/small`, '{"a":1}')).status).toBe(200);
      const large = await send('POST', `${PROBE}/small`, `{"a":"${'x'.repeat(20)}"}`);
      expect([large.status, errorOf(large).details]).toEqual([413, { limit: 20 }]);
    });

    it('hands bytes over as they came where a route asks for them', async () => {
      const answer = await send('POST', `${PROBE}/raw`, Buffer.alloc(150_000, 0xff), { 'Content-Type': 'image/png' });
      expect([answer.status, JSON.parse(answer.body)]).toEqual([201, { bytes: 150_000 }]);
    });

    it('reads no body of callers who may not call', async () => {
      const answer = await send('POST', NOTES, Buffer.alloc(200_000), { Authorization: 'Bearer bob' });
      expect(answer.status).toBe(403);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', 'nonsense', ''])(
      'refuses the content type "%s" with 415',
      async (type) => {
        const answer = await send('POST', NOTES, '{"name":"a"}', { 'Content-Type': type });
        expect([answer.status, errorOf(answer).code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      },
    );

    it('takes +json and an explicit UTF-8', async () => {
      const json = 'application/vnd.api+json; charset="UTF-8"';
      expect((await send('POST', NOTES, '{"name":"plus"}', { 'Content-Type': json })).status).toBe(201);
    });

    it('names the missing fields when there is no body at all', async () => {
      for (const body of ['', '{}']) {
        const answer = await send('POST', NOTES, body);
        expect([answer.status, errorOf(answer).message]).toEqual([422, 'name is missing']);
      }
    });

    it('says where the JSON is wrong, and takes a byte order mark', async () => {
      const wrong = await send('POST', NOTES, '{\n  "name": secret\n}');
      expect([wrong.status, errorOf(wrong).message]).toEqual([
        400,
        'The request body is not valid JSON: unexpected character at line 2, column 11',
      ]);
      expect((await send('POST', NOTES, '\uFEFF{"name":"marked"}')).status).toBe(201);
    });

    it('wants one object, not a list of them', async () => {
      const answer = await send('POST', NOTES, '[{"name":"listed"}]');
      expect([answer.status, errorOf(answer).message]).toEqual([
        400,
        'The request body must be one JSON object, not a list',
      ]);
    });
  });

  describe('before a request is one', () => {
    /** A request after which another one may come on the same connection. */
    const whole = (method: string, path: string, body = ''): Buffer =>
      rawRequest(
        method,
        path,
        { 'Content-Type': 'application/json', Authorization: 'Bearer ann', Connection: 'keep-alive' },
        Buffer.from(body),
      );
    const create = (name: string): Buffer => whole('POST', NOTES, `{"name":"${name}"}`);
    const refused = async (bytes: string): Promise<RawAnswer> => sendRaw(probe.base, bytes);

    it('answers what is not HTTP with 400 in the envelope', async () => {
      for (const bytes of [
        'GARBAGE\r\n\r\n',
        'GET / HTTP/9.9\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n',
      ]) {
        const answer = await refused(bytes);
        expect([answer.status, errorOf(answer).code]).toEqual([400, 'BAD_REQUEST']);
      }
    });

    it('finishes the answer that is under way before it closes on garbage behind the request', async () => {
      const notes = probe.app.get(NotesService, { strict: false });
      for (const garbage of ['GARBAGE\r\n\r\n', '\x00', 'GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n']) {
        const name = `before ${garbage.length} bytes`;
        const held = notes.hold();
        const answered = sendRaw(probe.base, Buffer.concat([create(name), Buffer.from(garbage, 'latin1')]));
        await held.reached;
        // What came behind it has been read by now.
        await pause(50);
        held.release();
        const answer = await answered;
        expect([answer.status, answer.headers.connection]).toEqual([201, 'close']);
        expect(JSON.parse(answer.body)).toMatchObject({ name });
      }
    });

    it('answers requests in a row in their order, and nothing behind the last whole one', async () => {
      const reading = whole('GET', `${PROBE}/me`);
      const broken = `POST ${PROBE}/small HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
      for (const end of ['GARBAGE', `${broken}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`]) {
        const text = await rawText(probe.base, Buffer.concat([reading, reading, Buffer.from(end)]));
        expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
      }
    });

    it('answers a body that is broken on its own with 400', async () => {
      const head = `POST ${PROBE}/small HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
      const answer = await refused(`${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`);
      expect([answer.status, errorOf(answer).code]).toEqual([400, 'BAD_REQUEST']);
    });

    it('answers headers that trickle in with 408', async () => {
      const slow = 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ';
      const held = probe.app.get(NotesService, { strict: false }).hold();
      const behind = sendRaw(probe.base, Buffer.concat([create('before a slow one'), Buffer.from(slow)]));
      await held.reached;
      const answer = await refused(slow);
      expect([answer.status, errorOf(answer).code]).toEqual([408, 'REQUEST_TIMEOUT']);
      held.release();
      expect((await behind).status).toBe(201);
    });

    it('answers headers that are too large with 431', async () => {
      const answer = await refused(`GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`);
      expect([answer.status, errorOf(answer).code]).toEqual([431, 'HEADERS_TOO_LARGE']);
    });
  });
});
