import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { ApiClient } from '../../support/api-client';
import { pause } from '../../support/app-process';
import { describeEachMode } from '../../support/modes';
import { signIn, signUp } from '../../support/people';
import { decodePart } from '../../support/tokens';
import { type SessionWire } from '../../support/wire';

const ME = '/api/v1/app/users/me';
const REFRESH = '/api/v1/public/auth/refresh';
const JWKS = '/.well-known/jwks.json';

const kidOf = (token: string): unknown => decodePart(token.split('.')[0]).kid;

describeEachMode.private(
  'the keys of access tokens',
  (stack) => {
    it('are published for everybody, and verify what the API signs', async () => {
      const { session, user } = await signUp(stack());
      const answer = await stack().client.get<JSONWebKeySet>(JWKS);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
      expect(answer.text).not.toContain('"d"');
      const checks = { issuer: 'omnistack', audience: 'omnistack-api', typ: 'at+jwt', algorithms: ['ES256'] };
      const { payload } = await jwtVerify(session.access_token, createLocalJWKSet(answer.body), checks);
      expect(payload.sub).toBe(user.id);
    });

    it('change under load in two processes without a failed request', async () => {
      const other = new ApiClient(await stack().neighbour(), stack().contracts);
      const clients = [stack().client, other];
      const failures: string[] = [];
      let requests = 0;
      let running = true;
      // Each visitor gets a token from one process and shows it to the other at once.
      const visit = async (visitor: number): Promise<void> => {
        let { refresh_token: refreshToken, access_token: token } = (await signUp(stack())).session;
        for (let round = visitor; running; round += 1) {
          const shown = await clients[round % 2]?.as(token).get(ME);
          const renewed = await clients[round % 2]?.post<SessionWire>(REFRESH, { refresh_token: refreshToken });
          requests += 2;
          for (const answer of [shown, renewed]) if (answer?.status !== 200) failures.push(answer?.text ?? 'nothing');
          if (renewed?.status === 200) ({ refresh_token: refreshToken, access_token: token } = renewed.body);
          await pause(20);
        }
      };
      const visitors = Promise.all([0, 1, 2, 3].map((visitor) => visit(visitor)));
      const kids: unknown[] = [];
      for (let rotation = 0; rotation < 2; rotation += 1) {
        const { output, status } = await stack().omni('auth', 'rotate-keys', '--now');
        expect([status, output]).toEqual([0, expect.stringMatching(/^Key [0-9a-f-]{36} signs from /)]);
        kids.push(/Key (\S+)/.exec(output)?.[1]);
        await pause(1_500);
      }
      // Longer than a process keeps its copy of the keys.
      await pause(3_500);
      running = false;
      await visitors;
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(100);
      const { body } = await other.get<JSONWebKeySet>(JWKS);
      expect(body.keys.map(({ kid }) => kid).slice(0, 2)).toEqual(kids.reverse());
      expect(kidOf((await signUp(stack())).session.access_token)).toBe(kids[0]);
      // Three boots and seven seconds of load, beside the other files that take minutes.
    }, 120_000);

    it('die at once with all their tokens when one is in the wrong hands; sign-ins go on', async () => {
      const { client, session, user } = await signUp(stack());
      expect((await client.get(ME)).status).toBe(200);
      expect((await stack().omni('auth', 'rotate-keys', '--revoke-old')).status).toBe(0);
      // No Redis, no invalidation: a process notices when its copy of the keys is five seconds old.
      await pause(5_500);
      expect((await client.get(ME)).status).toBe(401);
      const renewed = await stack().client.post<SessionWire>(REFRESH, { refresh_token: session.refresh_token });
      expect((await stack().client.as(renewed.body.access_token).get(ME)).status).toBe(200);
      expect((await signIn(stack(), user.email)).session.access_token).not.toBe('');
      expect((await stack().client.get<JSONWebKeySet>(JWKS)).body.keys).toHaveLength(1);
      const [row] = await stack().sql("SELECT actor_role, outcome FROM audit_logs WHERE action = 'signing_key.revoke'");
      expect(row).toEqual({ actor_role: 'system:omni', outcome: 'success' });
    });

    it('are not changed by a word that nobody knows', async () => {
      const { output, status } = await stack().omni('auth', 'rotate-keys', '--sometime');
      expect(status).not.toBe(0);
      expect(output).toContain('--sometime');
    });
  },
  { modes: ['single-service'] },
);
