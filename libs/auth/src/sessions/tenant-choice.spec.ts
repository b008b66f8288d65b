import { type ModuleRef } from '@nestjs/core';
import { type Actor } from '@platform/kernel';
import { Tenancy } from '@platform/security';
import { TenantChoice, TenantNotFound } from './tenant-choice';

const OURS = '0198f1c2-6f3a-7000-8000-00000000000a';
const THEIRS = '0198f1c2-6f3a-7000-8000-00000000000b';
const ann: Actor = { kind: 'user', id: 'ann', permissions: new Set(['things.read']) };

/** Ann is an admin of one organization; there is no other member anywhere. */
class OneMembership extends Tenancy {
  asked: string[] = [];

  async roleIn(tenantId: string, personId: string): Promise<string | null> {
    this.asked.push(tenantId);
    return tenantId === OURS && personId === 'ann' ? 'admin' : null;
  }

  async tenantsOf(personId: string): Promise<readonly string[]> {
    return personId === 'ann' ? [OURS] : [];
  }
}

/** As Nest does: throws for what nobody provides. */
function choiceWith(tenancy?: Tenancy): TenantChoice {
  const get = (): Tenancy => {
    if (tenancy) return tenancy;
    throw new Error('Nest could not find Tenancy element');
  };
  return new TenantChoice({ get } as unknown as ModuleRef);
}

const asking = (id: string) => ({ 'x-organization-id': id });

describe('whom a person acts for', () => {
  const tenancy = new OneMembership();
  const choice = choiceWith(tenancy);
  beforeEach(() => (tenancy.asked = []));

  it('is themselves when nothing is said; nobody is asked', async () => {
    expect(await choice.apply(ann, {})).toBe(ann);
    expect(tenancy.asked).toEqual([]);
  });

  it.each([OURS, OURS.toUpperCase(), ` ${OURS} `])(
    'is the organization of the header %j, in their role',
    async (id) => {
      expect(await choice.apply(ann, asking(id))).toEqual({ ...ann, tenantId: OURS, tenantRole: 'admin' });
    },
  );

  it('is what the session was switched to', async () => {
    const switched = { ...ann, tenantId: OURS };
    expect(await choice.apply(switched, {})).toEqual({ ...switched, tenantRole: 'admin' });
  });

  it('is what the header says, whatever the session was switched to', async () => {
    const acting = { ...ann, tenantId: THEIRS, tenantRole: 'owner' };
    expect(await choice.apply(acting, asking(OURS))).toMatchObject({ tenantId: OURS, tenantRole: 'admin' });
    expect(await choice.apply(acting, asking('Personal'))).toEqual(ann);
  });

  it('cannot be an organization of others, nor one that does not exist, and both sound the same', async () => {
    const refusal = (id: string) => choice.apply(ann, asking(id)).catch((error: TenantNotFound) => error);
    const [foreign, odd] = [await refusal(THEIRS), await refusal('../1')];
    expect(foreign).toBeInstanceOf(TenantNotFound);
    expect(foreign).toMatchObject({ status: 404, details: { resource: 'Organization', id: THEIRS } });
    expect(odd).toMatchObject({ status: 404, details: { resource: 'Organization', id: '../1' } });
    expect((odd as TenantNotFound).message).toBe((foreign as TenantNotFound).message);
  });

  it('is the person alone once they have left what the session was switched to, and the actor says so', async () => {
    const switched = { ...ann, tenantId: THEIRS, tenantRole: 'owner' };
    expect(await choice.apply(switched, {})).toEqual({ ...ann, leftTenantId: THEIRS });
    // A header is a claim of this request: there is nothing to fall back from.
    await expect(choice.apply(switched, asking(THEIRS))).rejects.toThrow(TenantNotFound);
  });

  it.each(['', 'x', `${OURS}, ${THEIRS}`, "' OR 1=1", 'a'.repeat(5_000)])('asks nobody about %j', async (id) => {
    const refusal = await choice.apply(ann, asking(id)).catch((error: TenantNotFound) => error);
    expect(refusal).toBeInstanceOf(TenantNotFound);
    expect(String((refusal as TenantNotFound).details.id).length).toBeLessThanOrEqual(64);
    expect(tenancy.asked).toEqual([]);
  });

  it('can be nobody else where no domain knows organizations', async () => {
    const alone = choiceWith();
    expect(await alone.apply(ann, {})).toBe(ann);
    expect(await alone.apply(ann, asking('personal'))).toEqual(ann);
    await expect(alone.apply(ann, asking(OURS))).rejects.toThrow(TenantNotFound);
  });
});
