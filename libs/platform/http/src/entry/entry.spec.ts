import { Ids } from '@platform/kernel';
import { configureLogging } from '@platform/observability';
import { parseApiVersion, requestedVersion, versionInPath } from './api-version';
import { ClientAddresses } from './client-address';
import { CrossOrigin } from './cors';
import { requestIdFrom } from './request-id';
import { securityHeaders } from './security-headers';
import { deprecationNotice, versionHeaders } from './version-headers';

class OneId extends Ids {
  next(): string {
    return 'new';
  }
}

describe('API versions', () => {
  it('are read from any of their spellings, in any case', () => {
    expect(['v1', ' V1 ', '1', '1.0'].map(parseApiVersion)).toEqual(['v1', 'v1', 'v1', 'v1']);
    expect(['2', 'V2.0', 'v3', '', 'constructor'].map(parseApiVersion)).toEqual(['v2', null, null, null, null]);
  });

  it('are found anywhere in a path', () => {
    expect(['/api/v1/x', '/x/V2', '/v2?y=/v1'].map(versionInPath)).toEqual(['v1', 'v2', 'v2']);
    expect(['/health', '/docs', '/', '/api/v12', '/av1/'].map(versionInPath)).toEqual([null, null, null, null, null]);
  });

  it('come from the path, then Accept-Version, then X-API-Version, else v1', () => {
    const headers = { 'accept-version': '2', 'x-api-version': 'v1' };
    expect(requestedVersion({ url: '/api/v1/x', headers })).toBe('v1');
    expect(requestedVersion({ url: '/x', headers })).toBe('v2');
    expect(requestedVersion({ url: '/x', headers: { 'accept-version': '9', 'x-api-version': '2.0' } })).toBe('v2');
    expect(requestedVersion({ url: '/x', headers: {} })).toBe('v1');
  });
});

describe('deprecation headers', () => {
  const none = { deprecated: new Map<string, Date | null>(), sunset: new Map<string, Date | null>() };

  it('are absent while nothing is deprecated', () => {
    expect(versionHeaders('v1', none)).toEqual([
      ['X-API-Version', 'v1'],
      ['X-API-Latest-Version', 'v2'],
    ]);
    expect(deprecationNotice('v1', none)).toBeNull();
  });

  it('say since when, until when and where to go', () => {
    const deprecations = {
      deprecated: new Map([['v1', new Date('2026-11-01T00:00:00Z')]]),
      sunset: new Map([['v1', new Date('2027-06-30T00:00:00Z')]]),
    };
    expect(Object.fromEntries(versionHeaders('v1', deprecations))).toMatchObject({
      Deprecation: '@1793491200',
      Sunset: 'Wed, 30 Jun 2027 00:00:00 GMT',
      Link: '</api/v2/>; rel="successor-version"',
    });
  });

  it('name no date where none is known', () => {
    const deprecations = { deprecated: new Map([['v1', null]]), sunset: new Map<string, Date | null>() };
    expect(deprecationNotice('v1', deprecations)).toBe('API v1 is deprecated. Please migrate to v2.');
    expect(versionHeaders('v1', deprecations).map(([name]) => name)).not.toContain('Sunset');
  });
});

describe('the request id', () => {
  it('is the caller’s when it is harmless, else a new one', () => {
    const ids = new OneId();
    expect(requestIdFrom('a-B_c.9', ids)).toBe('a-B_c.9');
    for (const header of [undefined, '', 'a b', 'a\nb', 'ü', 'x'.repeat(65), ['a', 'b']]) {
      expect(requestIdFrom(header, ids)).toBe('new');
    }
  });
});

describe('the client address', () => {
  const addresses = new ClientAddresses(['10.0.0.0/8', '2001:db8::/32']);
  const listed = (header: string | string[], peer = '10.0.0.1') => addresses.of(peer, { 'x-forwarded-for': header });
  const standard = (header: string, peer = '10.0.0.1') => addresses.of(peer, { forwarded: header });

  it('is the peer when no proxy is trusted, whatever the headers say', () => {
    const headers = { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=203.0.113.5' };
    expect(new ClientAddresses([]).of('::ffff:192.0.2.1', headers)).toBe('192.0.2.1');
    expect(addresses.of('192.0.2.1', headers)).toBe('192.0.2.1');
    expect(addresses.of(undefined, {})).toBe('');
  });

  it('is the nearest address that is not a trusted proxy', () => {
    expect(listed('spoofed, 203.0.113.5, 10.0.0.2')).toBe('203.0.113.5');
    expect(listed(['203.0.113.6', '::ffff:10.9.9.9'], '2001:db8::1')).toBe('203.0.113.6');
    expect(standard('for=1.2.3.4, for=203.0.113.5;proto=https, For="10.0.0.2:99";by=10.0.0.1')).toBe('203.0.113.5');
  });

  it.each([
    ['203.0.113.1:60001', '203.0.113.1'],
    ['"203.0.113.1:60001"', '203.0.113.1'],
    ['[2a00:1::17]:4711', '2a00:1::17'],
    ['[2a00:1::17]', '2a00:1::17'],
    ['2A00:0001:0::0017', '2a00:1::17'],
    ['"[2a00:1::17]:4711"', '2a00:1::17'],
    ['::ffff:203.0.113.1', '203.0.113.1'],
    ['[::ffff:cb00:7101]:80', '203.0.113.1'],
  ])('is read from %s as some proxies write it', (node, address) => {
    expect(listed(`198.51.100.9, ${node}`)).toBe(address);
    expect(listed(`${node}, 10.0.0.7:443, [2001:db8::9]:443`)).toBe(address);
  });

  it.each([
    ['for=203.0.113.1', '203.0.113.1'],
    ['For="203.0.113.1:60001"', '203.0.113.1'],
    ['for="[2a00:1::17]:4711"', '2a00:1::17'],
    ['FOR="[2A00:1::17]"', '2a00:1::17'],
    ['proto=https;by=10.0.0.9; for=203.0.113.1 ;host="a,b;for=9.9.9.9"', '203.0.113.1'],
    ['for="203.0.113.1:_hidden"', '203.0.113.1'],
  ])('is read from Forwarded: %s', (header, address) => {
    expect(standard(header)).toBe(address);
    expect(standard(`for=1.2.3.4, ${header}, for=10.0.0.7`)).toBe(address);
  });

  it.each([
    'unknown',
    '203.0.113.5, <script>',
    '203.0.113.1:',
    '203.0.113.1:123456',
    '[203.0.113.1]',
    '[::1',
    '999.1.1.1',
    'fe80::1%eth0',
    '',
  ])('is the peer where the nearest node is %j', (node) => expect(listed(node)).toBe('10.0.0.1'));

  it.each([
    'for=unknown',
    'for=_secret',
    'proto=https',
    'for="203.0.113.1',
    'for=2a00:1::17x',
    'xfor=203.0.113.1',
    'for=203.0.113.1;for=203.0.113.2',
    'for=1.1.1.1;for=1.1.1.1;for=203.0.113.2',
    'for=203.0.113.1;;;=',
    '',
  ])('is the peer where Forwarded is %j', (header) => expect(standard(header)).toBe('10.0.0.1'));

  it('cannot be hidden behind quotes of the client', () => {
    // What the client sends, and what the proxy appends behind it.
    for (const invented of ['for="', 'for="\\', 'for=1.1.1.1;x="', '"', 'for="a\\"']) {
      for (const appended of ['for=203.0.113.1', 'for="203.0.113.1"', 'for="203.0.113.1";by="10.0.0.1"']) {
        expect(['203.0.113.1', '10.0.0.1']).toContain(standard(`${invented}, ${appended}`));
      }
    }
    // A proxy that repeats the client's Host before the address.
    for (const host of ['x;for=9.9.9.9;y', 'x\\";for=9.9.9.9;y=\\"', 'x", for=9.9.9.9, x="']) {
      expect(['203.0.113.1', '10.0.0.1']).toContain(standard(`host="${host}";for=203.0.113.1`));
      expect(['203.0.113.1', '10.0.0.1']).toContain(standard(`host ="${host}";for=203.0.113.1`));
    }
  });

  it('is judged in linear time', () => {
    const began = performance.now();
    for (const part of [' ', '"', 'for=', 'a="\\', ',', ';', 'a=" ']) {
      standard(`${part.repeat(16_000 / part.length)}x`);
      listed(`${part.repeat(16_000 / part.length)}x`);
    }
    expect(performance.now() - began).toBeLessThan(200);
  });

  it('is the peer where the two headers differ: the proxy has written one of them, the client the other', () => {
    const of = (list: string, forwarded: string) => addresses.of('10.0.0.1', { 'x-forwarded-for': list, forwarded });
    expect(of('203.0.113.1', 'for="203.0.113.1:60001"')).toBe('203.0.113.1');
    expect(of('203.0.113.1', 'for=198.51.100.1')).toBe('10.0.0.1');
    expect(of('nonsense', 'for=198.51.100.1')).toBe('10.0.0.1');
  });
});

describe('CORS', () => {
  const HOST = 'api.example.com';
  const APP = 'https://app.example.com';
  const elsewhere = new CrossOrigin([APP], { local: false });
  const local = new CrossOrigin([APP], { local: true });
  const OF_THIS_MACHINE = ['http://localhost', 'http://localhost:5173', 'https://127.0.0.1:8443', 'http://[::1]:4200'];

  let lines: { message: string; origin: string }[];
  beforeEach(() => {
    lines = [];
    const destination = { write: (text: string) => void lines.push(JSON.parse(text) as (typeof lines)[number]) };
    configureLogging({ level: 'INFO', format: 'json', service: 's', environment: 'production', destination });
  });

  it('allows a listed origin exactly', () => {
    for (const cors of [elsewhere, local]) {
      expect(cors.allows(APP, HOST)).toBe(true);
      for (const origin of [`${APP}:443`, 'HTTPS://app.example.com', 'http://app.example.com', 'null', '*', '']) {
        expect([origin, cors.allows(origin, HOST)]).toEqual([origin, false]);
        expect(cors.headersFor(origin, HOST)).toEqual([]);
        expect(cors.preflightHeaders(origin, HOST, 'authorization')).toEqual([]);
      }
    }
  });

  it('knows a listed origin in the spelling of browsers, however it is written in the list', () => {
    const cors = new CrossOrigin(['HTTPS://App.Example.com:443', 'http://bücher.example:8080'], { local: false });
    expect(cors.allows(APP, HOST)).toBe(true);
    expect(cors.allows('http://xn--bcher-kva.example:8080', HOST)).toBe(true);
  });

  it('allows pages of this machine and of the API itself where the environment is local, and nowhere else', () => {
    for (const origin of [...OF_THIS_MACHINE, `http://${HOST}`, `https://${HOST}`]) {
      expect([origin, local.allows(origin, HOST), elsewhere.allows(origin, HOST)]).toEqual([origin, true, false]);
      expect(local.headersFor(origin, HOST)).toContainEqual(['Access-Control-Allow-Origin', origin]);
    }
    for (const origin of [
      'http://localhost.evil.test',
      'http://localhost:5173.evil.test',
      'http://127.0.0.1.evil.test',
      'http://127.0.0.2:5173',
      'http://evil.test#localhost',
      'ftp://localhost',
      `http://${HOST}.evil.test`,
    ]) {
      expect([origin, local.allows(origin, HOST)]).toEqual([origin, false]);
    }
    expect(local.allows('http://undefined', undefined)).toBe(false);
  });

  it('tells of a refused origin once, of a hundred in all, and of its own origin never', () => {
    const cors = new CrossOrigin([APP], { local: false });
    for (const origin of ['http://vite.test:5173', 'null', APP, `https://${HOST}`]) {
      for (let time = 0; time < 3; time++) cors.headersFor(origin, HOST);
      cors.preflightHeaders(origin, HOST, undefined);
    }
    expect(lines.map(({ origin }) => origin)).toEqual(['http://vite.test:5173', 'null']);
    for (const { message } of lines) expect(message).toContain('BACKEND_CORS_ORIGINS (http.corsOrigins)');
    for (let number = 0; number < 1_000; number++) cors.headersFor(`http://${number}.test`, HOST);
    expect(lines).toHaveLength(100);
  });

  it('does not repeat header names that are none', () => {
    const names = elsewhere.preflightHeaders(APP, HOST, 'x\r\nSet-Cookie: a=b').map(([name]) => name);
    expect(names).not.toContain('Access-Control-Allow-Headers');
  });
});

describe('security headers', () => {
  it('promise HTTPS in production only, and relax the policy for the documents only', () => {
    const of = (options: { production: boolean; docs?: boolean }) => Object.fromEntries(securityHeaders(options));
    expect(of({ production: false })['Strict-Transport-Security']).toBeUndefined();
    expect(of({ production: true })['Strict-Transport-Security']).toBe('max-age=31536000; includeSubDomains; preload');
    expect(of({ production: true })['Content-Security-Policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(of({ production: true, docs: true })['Content-Security-Policy']).toContain("script-src 'self'");
  });
});
