import { type IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type Actor, NotFound } from '@platform/kernel';
import { BoundPort, CANONICAL_UUID, TENANT_HEADER, Tenancy } from '@platform/security';

/** As Node names it. It wins over what the sign-in was switched to. */
const HEADER = TENANT_HEADER.name.toLowerCase();

/** The word of {@link TENANT_HEADER} for acting as oneself. */
const ONESELF = 'personal';

/** 404: there is no such organization, or the caller is no member of it. */
export class TenantNotFound extends NotFound {
  constructor(id: string) {
    super('Organization', id.slice(0, 64));
  }
}

/** Decides whom a person acts for: the header, else what his sign-in was switched to, else himself. */
@Injectable()
export class TenantChoice {
  private readonly tenancy: BoundPort<Tenancy>;

  constructor(modules: ModuleRef) {
    this.tenancy = new BoundPort(modules, Tenancy);
  }

  /**
   * @throws TenantNotFound when it is an organization that the person is no member of, or no longer: what was meant for
   * others must not land among his own
   */
  async apply(actor: Actor, headers: IncomingHttpHeaders): Promise<Actor> {
    const header = headers[HEADER];
    const named = header === undefined ? actor.tenantId : String(header).trim().toLowerCase();
    if (named === undefined) return actor;
    if (named === ONESELF) return withoutTenant(actor);
    const role = await this.roleIn(named, actor);
    if (role === null) throw new TenantNotFound(named);
    return { ...actor, tenantId: named, tenantRole: role };
  }

  /** The person's role in the organization; null when he has none, or it is no organization. */
  async roleIn(tenantId: string, actor: Actor): Promise<string | null> {
    if (CANONICAL_UUID.problem(tenantId) !== undefined) return null;
    return (await this.tenancy.get()?.roleIn(tenantId, actor.id)) ?? null;
  }
}

function withoutTenant(actor: Actor): Actor {
  const { tenantId: _tenantId, tenantRole: _tenantRole, ...self } = actor;
  return self;
}
