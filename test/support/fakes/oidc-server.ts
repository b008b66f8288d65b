import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';

/** What the provider says of a person. */
export interface OidcPerson {
  email?: string;
  email_verified?: boolean;
  name?: string;
  picture?: string;
}

/** The client that the provider knows. */
export const OIDC_CLIENT = { client_id: 'omnistack', client_secret: 'a-secret-of-the-tests-that-is-long-enough' };

/** A real OpenID provider on this machine: `oidc-provider`, with a login page that a test fills in. */
export class OidcServer {
  /** By subject, which is also what one types at the login page. */
  readonly people = new Map<string, OidcPerson>();
  /** What authorization requests asked for. */
  readonly asked: Record<string, unknown>[] = [];

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  /** @param callbackPath where clients may be sent back to, on any port of 127.0.0.1 */
  static async start(callbackPath: string): Promise<OidcServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on TCP has an address with a port.
    const { port } = server.address() as AddressInfo;
    const started = new OidcServer(`http://127.0.0.1:${port}`, server);
    const provider = new Provider(started.issuer, started.configuration(callbackPath));
    provider.on('authorization.accepted', (ctx) => started.asked.push({ ...ctx.oidc.params }));
    const answer = provider.callback();
    server.on('request', (request, response) => {
      const uid = /^\/interaction\/([\w-]+)/.exec(request.url ?? '')?.[1];
      if (uid) void loginPage(provider, request, response);
      else void answer(request, response);
    });
    return started;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** Sign in as the person in a browser of its own; answers the address that the browser is sent back to. */
  signIn(location: string, subject: string): Promise<string> {
    return this.visit(location, (page) => `${page}?${new URLSearchParams({ login: subject }).toString()}`);
  }

  /** Press "cancel" at the login page; answers as {@link signIn}. */
  refuse(location: string): Promise<string> {
    return this.visit(location, (page) => `${page}?abort`);
  }

  private async visit(location: string, pressed: (page: string) => string): Promise<string> {
    const cookies = new Map<string, string>();
    let next = location;
    for (let hop = 0; hop < 10 && next.startsWith(this.issuer); hop++) {
      const isPage = /\/interaction\/[\w-]+$/.test(next);
      next = await this.follow(isPage ? pressed(next) : next, cookies);
    }
    return next;
  }

  private async follow(address: string, cookies: Map<string, string>): Promise<string> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
    await response.body?.cancel();
    return new URL(location, address).toString();
  }

  private configuration(callbackPath: string): Configuration {
    return {
      adapter: MemoryAdapter,
      jwks: { keys: [signingKey()] },
      cookies: { keys: ['a-cookie-key-of-the-tests'] },
      clients: [{ ...OIDC_CLIENT, application_type: 'native', redirect_uris: [`http://127.0.0.1${callbackPath}`] }],
      pkce: { required: () => true },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'picture'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
      ttl: { Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, Interaction: 600 },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...this.people.get(sub) }) }),
      // Whoever signs in agrees to what is asked for.
      loadExistingGrant: async (ctx) => {
        const { client, params, provider, session } = ctx.oidc;
        const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
        grant.addOIDCScope(String(params?.scope));
        await grant.save();
        return grant;
      },
    };
  }
}

async function loginPage(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { searchParams } = new URL(request.url ?? '', provider.issuer);
  const login = searchParams.get('login');
  // A native client's person is asked for consent, too.
  const result = login === null ? { error: 'access_denied' } : { login: { accountId: login }, consent: {} };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'of-the-tests', use: 'sig', alg: 'RS256' };
}

const stored = new Map<string, AdapterPayload>();

/** What oidc-provider's own adapter for quick starts does, without its warning. */
class MemoryAdapter implements Adapter {
  constructor(private readonly model: string) {}

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    stored.set(this.key(id), payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return stored.get(this.key(id));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return [...stored].find(([key, { uid: own }]) => key.startsWith(`${this.model}:`) && own === uid)?.[1];
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const payload = stored.get(this.key(id));
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    stored.delete(this.key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, payload] of stored) if (payload.grantId === grantId) stored.delete(key);
  }

  private key(id: string): string {
    return `${this.model}:${id}`;
  }
}
