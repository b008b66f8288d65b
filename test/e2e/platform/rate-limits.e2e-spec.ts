import { describeEachMode } from '../../support/modes';
import { newEmail, PASSWORD, signUp } from '../../support/people';
import { type ErrorWire, type SessionWire } from '../../support/wire';

const ME = '/api/v1/app/users/me';
const LIMITS = {
  RATE_LIMIT_DEFAULT: '40/hour',
  RATE_LIMIT_AUTHENTICATED: '30/hour',
  RATE_LIMIT_AUTH_LOGIN: '1/hour',
  RATE_LIMIT_AUTH_REGISTER: '20/hour',
  RATE_LIMIT_AUTH_MAIL: '3/hour',
  RATE_LIMIT_AUTH_REFRESH: '4/hour',
};

describeEachMode.private(
  'rate limits',
  (stack) => {
    it('says limit, what remains and when it resets in both header families', async () => {
      const { client } = await signUp(stack());
      const first = await client.get(ME);
      const second = await client.get(ME);
      expect(first.headers.get('x-ratelimit-limit')).toBe('30');
      expect(first.headers.get('x-ratelimit-remaining')).toBe('29');
      expect(second.headers.get('x-ratelimit-remaining')).toBe('28');
      const reset = Number(first.headers.get('x-ratelimit-reset'));
      expect(reset).toBeGreaterThan(Date.now() / 1000);
      expect(reset).toBeLessThanOrEqual(Date.now() / 1000 + 2 * 3600 + 5);
      expect(first.headers.get('ratelimit-policy')).toMatch(/^"[a-z-]+";q=30;w=3600/);
      expect(first.headers.get('ratelimit')).toMatch(/^"[a-z-]+";r=29;t=\d+/);
    });

    it('lets exactly the limit of 120 parallel requests through, and rejected ones do not count', async () => {
      const { client } = await signUp(stack());
      const answers = await Promise.all(Array.from({ length: 120 }, () => client.get<ErrorWire>(ME)));
      const statuses = answers.map((answer) => answer.status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(30);
      expect(statuses.filter((status) => status === 429)).toHaveLength(90);
      const refused = answers.find((answer) => answer.status === 429);
      const retryAfter = Number(refused?.headers.get('retry-after'));
      expect(refused?.body.error).toMatchObject({
        code: 'RATE_LIMIT_EXCEEDED',
        details: { retry_after: retryAfter },
      });
      expect(retryAfter).toBeGreaterThan(0);
      expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0');
    });

    it('keeps people behind one address apart', async () => {
      const [one, other] = [await signUp(stack()), await signUp(stack())];
      await one.client.get(ME);
      expect((await other.client.get(ME)).headers.get('x-ratelimit-remaining')).toBe('29');
    });

    it('counts by route group, so that changing ids buys nothing', async () => {
      const { client } = await signUp(stack());
      const remaining: (string | null)[] = [];
      for (const path of ['/api/v1/app/projects', '/api/v1/app/projects/0198f1c2-6f3a-7000-8000-000000000001', ME]) {
        remaining.push((await client.get(path)).headers.get('x-ratelimit-remaining'));
      }
      expect(remaining).toEqual(['29', '28', '27']);
    });

    it('ignores X-Forwarded-For of a peer that is no trusted proxy', async () => {
      const login = (index: number) =>
        stack().client.post(
          '/api/v1/public/auth/login',
          { email: newEmail(), password: PASSWORD },
          { headers: { 'x-forwarded-for': `203.0.113.${index}` } },
        );
      const statuses: number[] = [];
      for (let index = 0; index < 30; index++) statuses.push((await login(index)).status);
      // One for each account, and ten for all accounts of an address.
      expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(10);
      expect(statuses.at(-1)).toBe(429);
    });

    it('counts refreshes by session, and tokens that are none of ours by address', async () => {
      const people = [await signUp(stack()), await signUp(stack())];
      const refresh = async (token: string | undefined) =>
        stack().client.post<SessionWire>('/api/v1/public/auth/refresh', { refresh_token: token });
      for (const { session } of people) {
        let newest = session.refresh_token;
        for (let exchange = 0; exchange < 4; exchange++) {
          const { body, status } = await refresh(newest);
          expect(status).toBe(200);
          newest = body.refresh_token;
        }
        expect((await refresh(newest)).status).toBe(429);
      }
      const { session } = await signUp(stack());
      const garbage: number[] = [];
      for (let token = 0; token < 6; token++) {
        // Whose session it claims to be is signed: a changed token names nobody.
        garbage.push((await refresh(`${token}-${session.refresh_token}`)).status);
      }
      expect(garbage).toEqual([401, 401, 401, 401, 429, 429]);
      expect((await refresh(session.refresh_token)).status).toBe(200);
    });

    it('counts mails by account and address, whatever kind of mail, and registering by itself', async () => {
      const ask = async (path: string, email: string) =>
        (await stack().client.post(`/api/v1/public/auth/${path}`, { email })).status;
      const [email, other] = [newEmail(), newEmail()];
      const kinds = ['password/forgot', 'magic-link', 'verify-email/resend'];
      for (const kind of kinds) expect(await ask(kind, email)).toBe(202);
      for (const kind of kinds) expect(await ask(kind, email.toUpperCase())).toBe(429);
      expect(await ask('magic-link', other)).toBe(202);
      expect((await signUp(stack())).session.access_token).toBeTruthy();
    });

    it('answers a 429 with the CORS headers that let a browser read it', async () => {
      const origin = 'http://localhost:3000';
      const answer = await stack().client.post(
        '/api/v1/public/auth/login',
        { email: newEmail(), password: PASSWORD },
        { headers: { origin } },
      );
      expect(answer.status).toBe(429);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/Retry-After/i);
    });

    it('never limits liveness and readiness', async () => {
      for (const path of ['/api/v1/public/health', '/api/v1/public/health/ready', '/health/live', '/health/ready']) {
        const statuses = await Promise.all(
          Array.from({ length: 100 }, async () => (await stack().client.get(path)).status),
        );
        expect(new Set(statuses)).toEqual(new Set([200]));
      }
    });
  },
  { env: LIMITS },
);
