import { createHash, randomBytes } from 'node:crypto';
import { eventually } from '../../support/app-process';
import { OIDC_CLIENT, OidcServer } from '../../support/fakes/oidc-server';
import { describeEachMode } from '../../support/modes';
import { newEmail, signUp } from '../../support/people';
import { type ErrorWire, type SessionWire, type UserWire } from '../../support/wire';

const OIDC = '/api/v1/public/auth/oidc';
const CALLBACK = `${OIDC}/acme/callback`;
const IDENTITIES = '/api/v1/app/auth/identities';
const ME = '/api/v1/app/users/me';

/** Filled before the system starts: its port is known then. */
const env: Record<string, string> = { APP_URL: 'https://app.example.com' };
let provider: OidcServer;

beforeAll(async () => {
  provider = await OidcServer.start(CALLBACK);
  const acme = { name: 'acme', label: 'Acme', issuer: provider.issuer, ...OIDC_CLIENT };
  const gone = { name: 'gone', issuer: 'http://127.0.0.1:9', client_id: 'x' };
  env.OIDC_PROVIDERS = JSON.stringify([acme, gone]);
});
afterAll(() => provider.stop());

/** Somebody whom the provider knows. */
function known(given: { email?: string; email_verified?: boolean; name?: string } = {}): string {
  const subject = `Subject|${randomBytes(6).toString('hex')}`;
  provider.people.set(subject, { email: newEmail('acme'), email_verified: true, name: 'Ann Acme', ...given });
  return subject;
}

describeEachMode.private(
  'signing in at an OpenID provider',
  (stack) => {
    /** A browser that begins: where it is sent, and the cookie that it keeps. */
    const begin = async (query: Record<string, string> = {}, start = `${OIDC}/acme/start`) => {
      const answer = await stack().client.get(start, { query });
      expect(answer.status).toBe(302);
      const [line = ''] = answer.headers.getSetCookie();
      return { location: answer.headers.get('location') ?? '', line, cookie: line.split(';')[0] ?? '' };
    };
    /** The browser comes back; what the web application finds in its address. */
    const comeBack = async (address: string, cookie: string) => {
      const { pathname, search } = new URL(address);
      const answer = await stack().client.get(`${pathname}${search}`, { headers: { cookie } });
      expect(answer.status).toBe(303);
      const location = new URL(answer.headers.get('location') ?? '');
      expect(`${location.origin}${location.pathname}`).toBe('https://app.example.com/sign-in/complete');
      return { ...Object.fromEntries(location.searchParams), headers: answer.headers } as {
        code?: string;
        error?: string;
        purpose?: string;
        headers: Headers;
      };
    };
    const through = async (subject: string, query: Record<string, string> = {}) => {
      const { cookie, location } = await begin(query);
      return comeBack(await provider.signIn(location, subject), cookie);
    };
    const exchange = (code = '', more: object = {}) =>
      stack().client.post<SessionWire & ErrorWire>(`${OIDC}/exchange`, { code, ...more });
    const signInAs = async (subject: string) => {
      const answer = await exchange((await through(subject)).code);
      expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
      return answer;
    };

    it('lists the providers and nothing else about them', async () => {
      const answer = await stack().client.get(OIDC);
      expect(answer.body).toEqual([
        { name: 'acme', label: 'Acme' },
        { name: 'gone', label: 'gone' },
      ]);
    });

    it('makes an account for a new person, and knows them again', async () => {
      const subject = known({ name: 'Ann Acme' });
      const first = await signInAs(subject);
      expect(first.headers.get('cache-control')).toContain('no-store');
      expect(first.body.user).toMatchObject({ email: provider.people.get(subject)?.email, full_name: 'Ann Acme' });
      const client = stack().client.as(first.body.access_token);
      expect((await client.get<UserWire>(ME)).body.id).toBe(first.body.user.id);
      const identities = await client.get<{ provider: string }[]>(IDENTITIES);
      expect(identities.body.map((one) => one.provider)).toEqual(['oidc:acme']);

      const again = await signInAs(subject);
      expect(again.body.user.id).toBe(first.body.user.id);
      const id = first.body.user.id;
      const rows = await stack().sql<{ action: string }>('SELECT action FROM audit_logs WHERE resource_id = ?', id);
      expect(rows.map(({ action }) => action).sort()).toEqual(['user.created', 'user.login', 'user.login']);
      const sessions = await stack().sql<{ method: string }>('SELECT method FROM sessions WHERE user_id = ?', id);
      expect(sessions.map(({ method }) => method)).toEqual(['oidc:acme', 'oidc:acme']);
    });

    it('asks with PKCE S256, state and nonce, and its code is worth nothing without the verifier', async () => {
      const { cookie, line, location } = await begin();
      const asked = new URL(location).searchParams;
      expect(asked.get('code_challenge_method')).toBe('S256');
      expect(asked.get('code_challenge')).toMatch(/^[\w-]{43}$/);
      for (const name of ['state', 'nonce']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
      expect(line).toMatch(/; HttpOnly/);
      expect(line).toMatch(/; SameSite=Lax/);
      expect(line).toContain(`; Path=${CALLBACK}`);
      expect(line).toContain('; Max-Age=600');
      for (const value of asked.values()) expect(decodeURIComponent(cookie)).not.toContain(value);

      const address = await provider.signIn(location, known());
      const stolen = {
        grant_type: 'authorization_code',
        code: new URL(address).searchParams.get('code') ?? '',
        redirect_uri: `${stack().base}${CALLBACK}`,
      };
      const { client_id, client_secret } = OIDC_CLIENT;
      const thief = await fetch(`${provider.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` },
        body: new URLSearchParams(stolen),
      });
      expect([thief.status, await thief.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
    });

    it('takes a one-time code once, also when two come at once', async () => {
      const { code } = await through(known());
      const answers = await Promise.all([exchange(code), exchange(code), exchange(code)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
      expect((await exchange(code)).status).toBe(401);
      expect((await exchange('x'.repeat(43))).status).toBe(401);
    });

    it('keeps neither code nor token in the clear, and none in an address', async () => {
      const back = await through(known());
      expect(back.code).toMatch(/^[\w-]{43}$/);
      expect(Object.keys(back).sort()).toEqual(['code', 'headers', 'purpose']);
      const rows = await stack().sql('SELECT * FROM social_sign_ins');
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain(back.code);
      expect(stack().api.output).not.toContain(back.code);
      expect(stack().api.output).not.toContain(OIDC_CLIENT.client_secret);
    });

    it('refuses a browser that did not begin: without its cookie, with another one, or a second time', async () => {
      const [mine, other] = [await begin(), await begin()];
      const address = await provider.signIn(mine.location, known());
      const forged = mine.cookie.replace(/=./, (start) => (start === '=A' ? '=B' : '=A'));
      for (const cookie of ['', other.cookie, forged, 'oidc-attempt=x']) {
        expect(await comeBack(address, cookie)).toMatchObject({ error: 'state_mismatch' });
      }
      const state = /state=[\w-]+/.exec(address)?.[0] ?? '';
      expect(await comeBack(address.replace(state, 'x=y'), mine.cookie)).toMatchObject({ error: 'state_mismatch' });
      const back = await comeBack(address, mine.cookie);
      expect(back.code).toBeDefined();
      expect(back.headers.getSetCookie()[0]).toMatch(/^oidc-attempt=; Max-Age=0/);
      expect(await comeBack(address, mine.cookie)).toMatchObject({ error: 'provider_error' });
      await eventually('the refusals are audited', async () => {
        const rows = await stack().sql(
          "SELECT id FROM audit_logs WHERE action = 'user.login' AND outcome = 'refused' AND description = ?",
          'Sign-in at oidc:acme: state_mismatch',
        );
        return rows.length >= 5;
      });
    });

    it('tells the web application when the person, or the provider, says no', async () => {
      const { cookie, location } = await begin();
      expect(await comeBack(await provider.refuse(location), cookie)).toMatchObject({ error: 'access_denied' });
      const second = await begin();
      const state = new URL(second.location).searchParams.get('state') ?? '';
      const answers = (query: object) =>
        comeBack(
          `${stack().base}${CALLBACK}?${new URLSearchParams({ state, iss: provider.issuer, ...query }).toString()}`,
          second.cookie,
        );
      expect(await answers({ error: 'server_error' })).toMatchObject({ error: 'provider_error' });
      expect(await answers({ code: 'made-up' })).toMatchObject({ error: 'provider_error' });
      // Another provider's answer (RFC 9207 §2.4).
      expect(await answers({ code: 'made-up', iss: 'https://evil.example' })).toMatchObject({
        error: 'provider_error',
      });
      expect(stack().api.output).toContain('invalid_grant');
    });

    it('tells a person with an account to sign in as before, whoever vouches for the address', async () => {
      const { user } = await signUp(stack());
      expect(await through(known({ email: user.email, email_verified: true }))).toMatchObject({ error: 'email_taken' });
    });

    it('lets nobody in who is shut out', async () => {
      const subject = known();
      const { body } = await signInAs(subject);
      await stack().sql(
        'UPDATE users SET is_active = ? WHERE id = ?',
        stack().mode === 'embedded' ? 0 : false,
        body.user.id,
      );
      expect((await exchange((await through(subject)).code)).status).toBe(403);
    });

    it('binds the code to a secret of the web application where that gave its challenge', async () => {
      const verifier = randomBytes(32).toString('base64url');
      const code_challenge = createHash('sha256').update(verifier).digest('base64url');
      const subject = known();
      const { code } = await through(subject, { code_challenge });
      expect((await exchange(code)).status).toBe(401);
      expect((await exchange(code, { code_verifier: 'v'.repeat(43) })).status).toBe(401);
      expect((await exchange(code, { code_verifier: verifier })).status).toBe(200);
      // Who keeps a secret takes no code that somebody else began without one.
      expect((await exchange((await through(subject)).code, { code_verifier: verifier })).status).toBe(401);
    });

    it('answers 404 for a provider that is not configured and 503 for one that is away', async () => {
      const client = stack().client;
      expect((await client.get(`${OIDC}/nobody/start`)).status).toBe(404);
      expect((await client.get(`${OIDC}/nobody/callback`)).status).toBe(404);
      const away = await client.get<ErrorWire>(`${OIDC}/gone/start`);
      expect([away.status, away.body.error.message]).toEqual([503, expect.stringContaining('provider gone does not')]);
    });

    describe('linking another identity', () => {
      const linkCode = async (client: ReturnType<typeof stack>['client'], subject: string) => {
        const started = await client.post<{ url: string }>(`${IDENTITIES}/acme/start`);
        expect(started.status).toBe(200);
        const { pathname, search } = new URL(started.body.url);
        const { cookie, location } = await begin({}, `${pathname}${search}`);
        const back = await comeBack(await provider.signIn(location, subject), cookie);
        expect(back.purpose).toBe('link');
        return back.code ?? '';
      };

      it('gives the account another way in, once the same person brings the code', async () => {
        const [owner, other] = [await signUp(stack()), await signUp(stack())];
        const subject = known();
        const code = await linkCode(owner.client, subject);
        expect((await exchange(code)).status).toBe(401);
        expect((await other.client.post(IDENTITIES, { code })).status).toBe(401);
        expect((await stack().client.post(IDENTITIES, { code })).status).toBe(401);
        const linked = await owner.client.post<{ provider: string }>(IDENTITIES, { code });
        expect([linked.status, linked.body.provider]).toEqual([201, 'oidc:acme']);
        const list = await owner.client.get<{ provider: string }[]>(IDENTITIES);
        expect(list.body.map((one) => one.provider)).toEqual(['local', 'oidc:acme']);
        expect((await signInAs(subject)).body.user).toMatchObject({ id: owner.user.id, email: owner.user.email });
        const elsewhere = await other.client.post(IDENTITIES, { code: await linkCode(other.client, subject) });
        expect(elsewhere.status).toBe(409);
      });

      it('begins with a ticket of ours only, and takes no code of a sign-in', async () => {
        const { client } = await signUp(stack());
        expect((await stack().client.get(`${OIDC}/acme/start`, { query: { link_token: 'x' } })).status).toBe(400);
        expect((await stack().client.post(`${IDENTITIES}/acme/start`)).status).toBe(401);
        expect((await client.post(IDENTITIES, { code: (await through(known())).code })).status).toBe(401);
      });
    });
  },
  { env, modes: ['embedded', 'single-service'] },
);
