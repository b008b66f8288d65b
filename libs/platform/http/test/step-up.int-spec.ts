import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { AuditLog, AuditTrail, NoAudit } from '@platform/audit';
import { Can, Public, StepUp } from '@platform/security';
import { describeEachDatabase } from '../../../../test/support/databases';
import { Idempotent, RouteRegistry } from '../src';
import { NotesController } from './notes.controller';
import { type ProbeApp, startProbe } from './probe-app';

const KEYS = '/api/v1/app/dangers/keys';
const NOTES = '/api/v1/app/notes';

@Controller('app/dangers')
class DangersController {
  /** Hand out a key. */
  @Post('keys')
  @HttpCode(204)
  @Can('notes.use')
  @StepUp()
  @Idempotent()
  @AuditLog('key.created')
  create(): void {}

  /** What nobody may, however fresh. */
  @Post('never')
  @Can('notes.never')
  @StepUp()
  @NoAudit('a probe')
  never(): void {}
}

@StepUp()
@Controller('app/vaults')
class VaultsController {
  /** Read a secret. */
  @Get()
  @Can('notes.use')
  read(): { secret: number } {
    return { secret: 7 };
  }
}

@StepUp()
@Controller('public/vaults')
class OpenVaultsController {
  @Get()
  @Public('a contradiction')
  read(): void {}
}

describeEachDatabase('a dangerous act', (database) => {
  let probe: ProbeApp;

  beforeAll(async () => {
    probe = await startProbe(
      { ...database.environment(), METRICS_TOKEN: 'a-token-for-prometheus', STEP_UP_MINUTES: '5' },
      [DangersController, VaultsController],
    );
  });
  afterAll(() => probe.close());

  const create = (as?: string, headers: Record<string, string> = {}) => probe.call('POST', KEYS, { as, headers });

  it('is done by a person who has just proved who they are', async () => {
    expect((await create('cid.fresh')).status).toBe(204);
    expect((await probe.call('GET', '/api/v1/app/vaults', { as: 'cid.fresh' })).body).toEqual({ secret: 7 });
  });

  it.each(['cid.stale', 'cid'])('is answered 401 with the challenge of RFC 9470 to %s', async (as) => {
    const answers = [await create(as), await probe.call('GET', '/api/v2/app/vaults', { as })];
    for (const { body, headers, status } of answers) {
      expect([status, body.error.code, body.error.details]).toEqual([
        401,
        'INSUFFICIENT_AUTHENTICATION',
        { max_age: 300 },
      ]);
      expect(headers.get('www-authenticate')).toBe('Bearer error="insufficient_user_authentication", max_age=300');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('is answered 403 to an API key, whatever its owner has proved: no proof would help', async () => {
    const { body, headers, status } = await create('cid.key1');
    expect([status, body.error.code, body.error.message]).toEqual([
      403,
      'AUTHORIZATION_ERROR',
      expect.stringContaining('API key'),
    ]);
    expect(headers.get('www-authenticate')).toBeNull();
  });

  it('asks nobody for a proof who may not do it anyway', async () => {
    for (const as of ['cid.stale', 'cid.key1', 'cid.fresh']) {
      expect([as, (await probe.call('POST', '/api/v1/app/dangers/never', { as })).status]).toEqual([as, 403]);
    }
    expect((await create()).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is not repeated from its first answer for a person who has to prove again who they are', async () => {
    const key = { 'idempotency-key': 'danger' };
    expect((await create('cid.fresh', key)).status).toBe(204);
    expect((await create('cid.fresh', key)).headers.get('idempotency-replayed')).toBe('true');
    const stale = await create('cid.stale', key);
    expect([stale.status, stale.headers.get('idempotency-replayed')]).toEqual([401, null]);
  });

  it('leaves a refusal in the audit trail', async () => {
    const { headers } = await create('cid.stale');
    const { items } = await probe.app.get(AuditTrail).page({ action: 'key.created', skip: 0, limit: 100 });
    expect(items.find(({ requestId }) => requestId === headers.get('x-request-id'))).toMatchObject({
      outcome: 'refused',
      actorId: 'cid',
      details: { status: 401, code: 'INSUFFICIENT_AUTHENTICATION' },
    });
  });

  it('is told by the registry and by the document', async () => {
    const rows = probe.app.get(RouteRegistry).describe();
    const told = rows.filter(({ step_up }) => step_up).map(({ handler }) => handler);
    expect(new Set(told)).toEqual(
      new Set(['DangersController.create', 'DangersController.never', 'VaultsController.read']),
    );
    const { body } = await probe.call('GET', '/api/v1/openapi.json');
    const operations = [body.paths[KEYS].post, body.paths['/api/v1/app/vaults'].get];
    for (const { responses } of operations) {
      expect(responses[401].$ref).toBe('#/components/responses/AuthenticationFailed');
      expect(responses[403]).toBeDefined();
    }
    expect(body.components.responses.AuthenticationFailed.headers['WWW-Authenticate']).toBeDefined();
  });

  it('stops the boot on a public route, where nobody has proved anything', async () => {
    const started = startProbe(database.environment(), [OpenVaultsController]);
    await expect(started).rejects.toThrow(
      'OpenVaultsController.read (GET /api/v1/public/vaults) says @StepUp and @Public',
    );
  });
});

describeEachDatabase('a permission that is withheld', (database) => {
  let probe: ProbeApp;
  beforeAll(async () => {
    probe = await startProbe(database.environment(), [NotesController]);
  });
  afterAll(() => probe.close());

  it('is answered 401 that asks for a second factor, not 403', async () => {
    const { body, headers, status } = await probe.call('GET', NOTES, { as: 'cid.half' });
    expect([status, body.error.code]).toEqual([401, 'INSUFFICIENT_AUTHENTICATION']);
    expect(body.error.details).toEqual({ permission: 'notes.use' });
    expect(headers.get('www-authenticate')).toBe('Bearer error="insufficient_user_authentication", acr_values="mfa"');
  });

  it('says nothing of what the person has not even with a second factor', async () => {
    const path = `${NOTES}/0198f1c2-6f3a-7000-8000-000000000001`;
    const { headers, status } = await probe.call('DELETE', path, { as: 'cid.half' });
    expect([status, headers.get('www-authenticate')]).toEqual([403, null]);
  });
});

describeEachDatabase('calls with API keys', (database) => {
  it('are counted per key, apart from those of its owner and of their other keys', async () => {
    const environment = { ...database.environment(), METRICS_TOKEN: 'a-token-for-prometheus' };
    const probe = await startProbe({ ...environment, RATE_LIMIT_AUTHENTICATED: '2/minute' }, [NotesController]);
    const statuses: Record<string, number[]> = {};
    for (const as of ['cid.key1', 'cid', 'cid.key2', 'cid.fresh']) {
      statuses[as] = [];
      for (let call = 0; call < 3; call++) statuses[as].push((await probe.call('GET', NOTES, { as })).status);
    }
    const headers = { authorization: 'Bearer a-token-for-prometheus' };
    const { text } = await probe.call('GET', '/api/v1/public/metrics', { headers });
    await probe.close();
    expect(statuses).toEqual({
      'cid.key1': [200, 200, 429],
      cid: [200, 200, 429],
      'cid.key2': [200, 200, 429],
      // The same person, however they signed in.
      'cid.fresh': [429, 429, 429],
    });
    const hits = text.split('\n').filter((line) => /rate_limit/.test(line) && line.includes('/app/notes'));
    expect(hits.map((line) => /client_type="(\w+)"/.exec(line)?.[1]).sort()).toEqual(['api_key', 'user']);
  });
});
