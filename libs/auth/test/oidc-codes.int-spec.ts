import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService } from '@omni/auth';
import { Database, statement } from '@platform/database';
import { Clock } from '@platform/kernel';
import { aSignIn } from '@testing/auth';
import { actorOf } from '@testing/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { IdentitiesService } from '../src/identities/identities.service';
import { OidcCodesService } from '../src/sign-in/oidc-codes.service';
import { OidcSignInRepository } from '../src/oidc/oidc-sign-in.repository';

const KEPT = statement('test.social-sign-ins', 'SELECT code_hash FROM social_sign_ins');

describeEachDatabase('the one-time code of a way through a provider', (test) => {
  let core: TestingModule;
  let codes: OidcSignInRepository;
  let offsetMs = 0;

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule]);
    codes = core.get(OidcSignInRepository);
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offsetMs));
  });
  beforeEach(() => {
    offsetMs = 0;
  });

  const somebody = async () => (await aSignIn(core.get(LocalAccountsService))).user;
  const aCode = async (subject: string | null = null) => {
    const { id } = await somebody();
    return codes.keep({ provider: 'oidc:acme', userId: id, subject, codeChallenge: null });
  };
  const status = (work: Promise<unknown>) =>
    work.then(
      () => 200,
      (error: { status?: number }) => error.status,
    );
  const exchange = (code: string) => status(core.get(OidcCodesService).exchange({ code }));

  it('is good for a minute', async () => {
    const [early, late] = [await aCode(), await aCode()];
    offsetMs = 58_000;
    expect(await exchange(early)).toBe(200);
    offsetMs = 61_000;
    expect(await exchange(late)).toBe(401);
  });

  it('is good once, however many come at once', async () => {
    const code = await aCode();
    const answers = await Promise.all(Array.from({ length: 8 }, () => exchange(code)));
    expect(answers.sort()).toEqual([200, ...Array<number>(7).fill(401)]);
  });

  it('signs nobody in when it is there to link', async () => {
    expect(await exchange(await aCode('somebody-elsewhere'))).toBe(401);
  });

  it('leaves the table when nobody used it', async () => {
    const database = core.get(Database);
    await aCode();
    offsetMs = 61_000;
    const fresh = await aCode();
    expect(await codes.purge()).toBeGreaterThan(0);
    expect(await database.query(KEPT)).toHaveLength(1);
    expect(await exchange(fresh)).toBe(200);
  });

  it('links an identity to one account only, also when two want it at once', async () => {
    const identities = core.get(IdentitiesService);
    const people = [await somebody(), await somebody(), await somebody()];
    const wanted = people.map((user) => status(identities.link(actorOf(user), 'oidc:acme', 'wanted')));
    expect((await Promise.all(wanted)).sort()).toEqual([200, 409, 409]);
    const { id } = await identities.userOf({ provider: 'oidc:acme', subject: 'wanted', emailVerified: false });
    expect(people.map((user) => user.id)).toContain(id);
  });
});
