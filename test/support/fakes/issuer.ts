import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Claims, handMade, signedBy } from '../tokens';

/** How the key endpoint behaves. */
export type Mood = 'up' | 'failing' | 'hanging' | 'garbled' | 'redirecting';

/** A key pair of a fake issuer. */
export interface IssuerKey {
  readonly kid: string;
  readonly alg: 'ES256' | 'RS256';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

let serial = 0;

/** A key pair that no issuer publishes yet. */
export function issuerKey(alg: IssuerKey['alg'], modulusLength = 2_048): IssuerKey {
  const pair =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength });
  serial += 1;
  return { kid: `key-${serial}`, alg, ...pair };
}

/** An identity provider as far as a verifier sees it: an HTTP server with its public keys, which counts who reads them. */
export class FakeIssuer {
  mood: Mood = 'up';
  /** Requests for the keys so far. */
  fetches = 0;
  /** What is published beside the keys. */
  strays: object[] = [];
  private published: IssuerKey[];
  private readonly waiting = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    key: IssuerKey,
  ) {
    this.published = [key];
  }

  /** Listen on a port of its own. */
  static async start(alg: IssuerKey['alg']): Promise<FakeIssuer> {
    const server = createServer((request, response) => fake.answer(request.url ?? '', response));
    const fake: FakeIssuer = new FakeIssuer(server, issuerKey(alg));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get jwksUrl(): string {
    return `${this.url}/.well-known/jwks.json`;
  }

  /** The key that signs. */
  get key(): IssuerKey {
    const [key] = this.published;
    if (!key) throw new Error('The issuer publishes no key');
    return key;
  }

  /** Sign with a new key from now on; the old ones stay published, or go. */
  rotate({ keepOld = true, key = issuerKey(this.key.alg) } = {}): IssuerKey {
    this.published = [key, ...(keepOld ? this.published : [])];
    return key;
  }

  /** A token as the issuer signs it, of these claims and with these members of the header on top. */
  token(claims: Claims, header: Claims = {}): string {
    const { alg, kid, privateKey } = this.key;
    return handMade({ alg, kid, typ: 'JWT', ...header }, claims, signedBy(privateKey));
  }

  /** Close, also on those who still wait. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(path: string, response: ServerResponse): void {
    if (!path.endsWith('/.well-known/jwks.json')) return void response.writeHead(404).end();
    this.fetches += 1;
    if (this.mood === 'hanging') return void this.waiting.add(response);
    if (this.mood === 'failing') return void response.writeHead(500).end();
    if (this.mood === 'redirecting') return void response.writeHead(302, { location: `${this.jwksUrl}?again` }).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(this.mood === 'garbled' ? '{"keys": [' : JSON.stringify({ keys: this.jwks() }));
  }

  private jwks(): object[] {
    const keys = this.published.map(({ alg, kid, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      alg,
      use: 'sig',
    }));
    return [...keys, ...this.strays];
  }
}
