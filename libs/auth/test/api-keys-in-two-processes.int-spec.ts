import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { ApiKeysService, AuthModule } from '@omni/auth';
import { UserDirectory } from '@omni/users';
import { type Actor } from '@platform/kernel';
import { Authenticator } from '@platform/security';
import { aUser } from '@testing/users';
import { describeOnPostgres } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { describeWithRedis } from '../../../test/support/services';
import { Actors } from '../src/access/actors';

describeWithRedis('an API key that two processes know', (url) => {
  describeOnPostgres('and one of them ends', (test) => {
    let here: TestingModule;
    let there: TestingModule;

    beforeAll(async () => {
      const settings = { REDIS_URL: url, REDIS_PREFIX: `api-keys-${process.pid}-${Date.now()}` };
      here = await domainCore(test, [AuthModule], settings);
      there = await domainCore(test, [AuthModule], settings);
    });

    const isGoodThere = (secret: string) =>
      there
        .get(Authenticator)
        .authenticate({ headers: { authorization: `Bearer ${secret}` } })
        .then(
          () => true,
          () => false,
        );
    const aKey = async (): Promise<{ actor: Actor; id: string; secret: string }> => {
      const actor = here.get(Actors).of(await aUser(here.get(UserDirectory)));
      const { key, secret } = await here.get(ApiKeysService).create(actor, { name: 'x', scopes: ['users.read_own'] });
      return { actor, id: key.id, secret };
    };

    it.each(['revoke', 'rotate'] as const)(
      'is forgotten by the other long before its copy expires: %s',
      async (act) => {
        const { actor, id, secret } = await aKey();
        expect(await isGoodThere(secret)).toBe(true);
        await here.get(ApiKeysService)[act](actor, id);
        const began = performance.now();
        // A copy would live five seconds; the news takes milliseconds.
        while ((await isGoodThere(secret)) && performance.now() - began < 4_000) await sleep(10);
        expect(performance.now() - began).toBeLessThan(2_000);
      },
    );
  });
});
