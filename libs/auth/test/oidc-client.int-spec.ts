import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { CoreConfig, LoadedSettings } from '@platform/config';
import { type Clock } from '@platform/kernel';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type Attempt } from '../src/oidc/attempts';
import { OidcClient } from '../src/oidc/oidc-client';
import { type OidcProvider, OidcProviders } from '../src/oidc/oidc-providers';
import { OidcConfig } from '../src/oidc/oidc.config';

const SUBJECT = 'somebody';

type SigningKey = Parameters<SignJWT['sign']>[0];

/** A provider that says what it is told to say, also what no honest one says. */
class ForgingProvider {
  readonly calls: string[] = [];
  idToken: () => Promise<string> | string = () => this.sign();
  userInfo: object | undefined;
  silent = false;
  nonce = '';
  private keys = generateKeyPair('RS256');

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(): Promise<ForgingProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on TCP has an address with a port.
    const { port } = server.address() as AddressInfo;
    const started = new ForgingProvider(server, `http://127.0.0.1:${port}`);
    server.on('request', (request: IncomingMessage, response) => {
      if (started.silent) return;
      void started.answer(request.url ?? '').then((body) => {
        response.statusCode = body === undefined ? 500 : 200;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body ?? {}));
      });
    });
    return started;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** The token of an honest provider, with what is given in the place of its own. */
  async sign(claims: JWTPayload = {}, options: { alg?: string; key?: SigningKey } = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const honest = { iss: this.issuer, aud: 'us', sub: SUBJECT, nonce: this.nonce, iat: now, exp: now + 60 };
    const { alg = 'RS256', key = (await this.keys).privateKey } = options;
    return new SignJWT({ ...honest, ...claims }).setProtectedHeader({ alg, kid: 'k' }).sign(key);
  }

  private async answer(path: string): Promise<object | undefined> {
    this.calls.push(path);
    if (path === '/token') {
      return { access_token: 'an-access-token', token_type: 'Bearer', expires_in: 60, id_token: await this.idToken() };
    }
    if (path === '/jwks') {
      return { keys: [{ ...(await exportJWK((await this.keys).publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] };
    }
    if (path === '/userinfo') return this.userInfo;
    const at = (place: string) => `${this.issuer}/${place}`;
    return {
      issuer: this.issuer,
      authorization_endpoint: at('auth'),
      token_endpoint: at('token'),
      jwks_uri: at('jwks'),
      ...(this.userInfo && { userinfo_endpoint: at('userinfo') }),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }
}

function clientOf(issuer: string): { client: OidcClient; provider: OidcProvider; later: (ms: number) => void } {
  const loaded = LoadedSettings.load([CoreConfig, OidcConfig], {
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
    OIDC_PROVIDERS: JSON.stringify([{ name: 'acme', issuer, client_id: 'us', client_secret: 'a-secret' }]),
  });
  const core = loaded.get(CoreConfig);
  let offset = 0;
  const clock: Clock = { now: () => new Date(Date.now() + offset) };
  return {
    client: new OidcClient(core, clock),
    provider: new OidcProviders(loaded.get(OidcConfig), core).mustFind('acme'),
    later: (ms) => void (offset += ms),
  };
}

describe('what a provider says', () => {
  let forging: ForgingProvider;

  beforeEach(async () => {
    forging = await ForgingProvider.start();
  });
  afterEach(() => forging.stop());

  /** The whole way; what is wrong with it, or who came back. */
  const through = async (changed: Partial<Attempt> = {}) => {
    const { client, provider } = clientOf(forging.issuer);
    const { attempt } = await client.begin(provider, {});
    forging.nonce = attempt.nonce;
    return client
      .finish(provider, { ...attempt, ...changed }, `?code=c&state=${attempt.state}`)
      .catch((error: { failure: string }) => error.failure);
  };

  it('is believed when its token holds', async () => {
    const picture = 'https://pictures.test/a.png';
    forging.idToken = () => forging.sign({ email: 'a@b.test', email_verified: 'true', name: 'Ann', picture });
    expect(await through()).toEqual({
      provider: 'oidc:acme',
      subject: SUBJECT,
      email: 'a@b.test',
      emailVerified: true,
      fullName: 'Ann',
      avatarUrl: picture,
    });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['of another issuer', () => forging.sign({ iss: 'https://evil.test' })],
    ['for another audience', () => forging.sign({ aud: 'others' })],
    ['for many, of whom another one asked', () => forging.sign({ aud: ['us', 'others'], azp: 'others' })],
    ['of another attempt', () => forging.sign({ nonce: 'another' })],
    ['without a nonce', () => forging.sign({ nonce: undefined })],
    ['that has expired', () => forging.sign({ exp: Math.floor(Date.now() / 1000) - 60 })],
    ['without an expiry', () => forging.sign({ exp: undefined })],
    ['without a subject', () => forging.sign({ sub: undefined })],
    ['signed by somebody else', async () => forging.sign({}, { key: (await generateKeyPair('RS256')).privateKey })],
    [
      'signed with the secret of the client',
      () => forging.sign({}, { alg: 'HS256', key: Buffer.from('a-secret'.repeat(8)) }),
    ],
    [
      'that nobody signed',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await forging.sign()).split('.')[1]}.`,
    ],
    ['with a bit flipped', async () => (await forging.sign()).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['that is none', () => 'nonsense'],
  ])('is not believed with a token %s', async (_what, idToken) => {
    forging.idToken = idToken;
    expect(await through()).toBe('provider_error');
  });

  it('is not believed about somebody else: userinfo must speak of the same subject', async () => {
    forging.userInfo = { sub: SUBJECT, email: 'a@b.test', email_verified: false };
    expect(await through()).toMatchObject({ email: 'a@b.test', emailVerified: false });
    forging.userInfo = { sub: 'another', email: 'victim@b.test', email_verified: true };
    expect(await through()).toBe('provider_error');
  });

  it('is asked for once, by however many, and again after an hour', async () => {
    const { client, later, provider } = clientOf(forging.issuer);
    const discoveries = () => forging.calls.filter((path) => path.includes('openid-configuration')).length;
    await Promise.all(Array.from({ length: 10 }, () => client.begin(provider, {})));
    expect(discoveries()).toBe(1);
    later(3_601_000);
    await client.begin(provider, {});
    expect(discoveries()).toBe(2);
  });

  it('is remembered for a day while it does not answer, and no longer', async () => {
    const { client, later, provider } = clientOf(forging.issuer);
    await client.begin(provider, {});
    await forging.stop();
    later(86_000_000);
    const { attempt } = await client.begin(provider, {});
    const back = client.finish(provider, attempt, `?code=c&state=${attempt.state}`);
    await expect(back).rejects.toMatchObject({ failure: 'provider_unavailable' });
    later(1_000_000);
    await expect(client.begin(provider, {})).rejects.toMatchObject({ status: 503, name: 'OidcProviderUnavailable' });
  });

  it('is waited for five seconds', async () => {
    forging.silent = true;
    const { client, provider } = clientOf(forging.issuer);
    const began = performance.now();
    await expect(client.begin(provider, {})).rejects.toMatchObject({ status: 503 });
    expect(performance.now() - began).toBeGreaterThan(4_500);
    expect(performance.now() - began).toBeLessThan(15_000);
  }, 20_000);
});
