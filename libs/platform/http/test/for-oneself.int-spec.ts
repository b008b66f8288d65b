import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { NoAudit } from '@platform/audit';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, ForOneself } from '@platform/security';
import { describeEachDatabase } from '../../../../test/support/databases';
import { type ProbeApp, startProbe } from './probe-app';

const seen = ({ tenantId }: Actor) => ({ tenant: tenantId ?? null });

@Controller('app/ledgers')
class LedgersController {
  /** Read. */
  @Get()
  @Can('notes.use')
  read(@CurrentActor() actor: Actor): object {
    return seen(actor);
  }

  /** Write. */
  @Post()
  @HttpCode(200)
  @Can('notes.use')
  @NoAudit('a probe')
  write(@CurrentActor() actor: Actor): object {
    return seen(actor);
  }
}

@ForOneself()
@Controller('app/selves')
class SelvesController {
  /** Write. */
  @Post()
  @HttpCode(200)
  @Can('notes.use')
  @NoAudit('a probe')
  write(@CurrentActor() actor: Actor): object {
    return seen(actor);
  }
}

@Controller('app/exits')
class ExitsController {
  /** Write. */
  @Post()
  @HttpCode(200)
  @Can('notes.of_oneself')
  @NoAudit('a probe')
  write(@CurrentActor() actor: Actor): object {
    return seen(actor);
  }
}

describeEachDatabase('a route about oneself', (database) => {
  let probe: ProbeApp;

  beforeAll(async () => {
    const settings = { ...database.environment(), METRICS_TOKEN: 'a-token-for-prometheus' };
    probe = await startProbe(settings, [LedgersController, SelvesController, ExitsController]);
  });
  afterAll(() => probe.close());

  const ask = async (method: 'GET' | 'POST', path: string, as: string) => {
    const { body, headers, status } = await probe.call(method, `/api/v1/app/${path}`, { as });
    return { status, body: body as object, acting: headers.get('x-organization-id') };
  };

  it.each(['selves', 'exits'])(
    '(%s) has an actor without a tenant, whatever the session was switched to',
    async (path) => {
      expect(await ask('POST', 'ledgers', 'cid.acme')).toMatchObject({ status: 200, body: { tenant: 'acme' } });
      expect(await ask('POST', path, 'cid.acme')).toMatchObject({ status: 200, body: { tenant: null } });
    },
  );

  it('stays open to a person who has left the tenant; other routes read for the person, and refuse to change anything once', async () => {
    const left = { acting: 'personal', status: 200, body: { tenant: null } };
    for (const path of ['selves', 'exits']) expect(await ask('POST', path, 'cid.left')).toEqual(left);
    expect(await ask('GET', 'ledgers', 'cid.left')).toEqual(left);
    const refused = await ask('POST', 'ledgers', 'cid.left');
    expect(refused).toMatchObject({
      status: 409,
      acting: 'personal',
      body: { error: { code: 'ORGANIZATION_LEFT', details: { resource: 'Organization', id: 'acme' } } },
    });
    expect((await ask('GET', 'ledgers', 'cid')).acting).toBeNull();
  });
});
