import { type IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type Actor, asOneself, NotFound } from '@platform/kernel';
import { BoundPort, CANONICAL_UUID, ONESELF, TENANT_HEADER, Tenancy } from '@platform/security';

/** As Node names it. It wins over what the session was switched to. */
const HEADER = TENANT_HEADER.name.toLowerCase();

/** 404: there is no such organization, or the caller is no member of it. */
export class TenantNotFound extends NotFound {
  constructor(id: string) {
    super('Organization', id.slice(0, 64));
  }
}

/** Decides whom a person acts for: the header, else what the session was switched to, else themselves. */
@Injectable()
export class TenantChoice {
  private readonly tenancy: BoundPort<Tenancy>;

  constructor(modules: ModuleRef) {
    this.tenancy = new BoundPort(modules, Tenancy);
  }

  /**
   * The actor with the tenant that the request is about. A tenant that the session was switched to and that the person has
   * left is none: then they act for themselves, and the actor says which one it was.
   * @throws TenantNotFound when the header names an organization that the person is no member of, or no longer
   */
  async apply(actor: Actor, headers: IncomingHttpHeaders): Promise<Actor> {
    const header = headers[HEADER];
    const named = header === undefined ? actor.tenantId : String(header).trim().toLowerCase();
    if (named === undefined) return actor;
    if (named === ONESELF) return asOneself(actor);
    const role = await this.roleIn(named, actor);
    if (role !== null) return { ...actor, tenantId: named, tenantRole: role };
    if (header !== undefined) throw new TenantNotFound(named);
    return { ...asOneself(actor), leftTenantId: named };
  }

  /** The person's role in the organization; null when they have none, or it is no organization. */
  async roleIn(tenantId: string, actor: Actor): Promise<string | null> {
    if (CANONICAL_UUID.problem(tenantId) !== undefined) return null;
    return (await this.tenancy.get()?.roleIn(tenantId, actor.id)) ?? null;
  }
}
