import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Authenticator, FeatureGate, QuotaLedger, Tenancy, UsageLedger } from '@platform/security';
import { type PortName } from './route-checks';

const PORTS = { Authenticator, Tenancy, FeatureGate, UsageLedger, QuotaLedger } as const;

/** The ports that domains bind, wherever in the graph they do; looked up once, then kept. */
@Injectable()
export class Ports {
  private readonly found = new Map<PortName, object | null>();

  constructor(private readonly modules: ModuleRef) {}

  /** Whether a domain of this process binds it. */
  bound(name: PortName): boolean {
    return this.lookup(name) !== null;
  }

  // The census refuses a route whose port is not bound, so these four find theirs.
  get authenticator(): Authenticator {
    return this.mustFind('Authenticator') as Authenticator;
  }

  get featureGate(): FeatureGate {
    return this.mustFind('FeatureGate') as FeatureGate;
  }

  get usageLedger(): UsageLedger {
    return this.mustFind('UsageLedger') as UsageLedger;
  }

  get quotaLedger(): QuotaLedger {
    return this.mustFind('QuotaLedger') as QuotaLedger;
  }

  private mustFind(name: PortName): object {
    const port = this.lookup(name);
    if (!port) throw new Error(`Nothing binds ${name}: import the domain that provides it`);
    return port;
  }

  private lookup(name: PortName): object | null {
    const known = this.found.get(name);
    if (known !== undefined) return known;
    let port: object | null = null;
    try {
      // Nest takes abstract classes as tokens, its type for them does not.
      port = this.modules.get(PORTS[name] as unknown as Type<object>, { strict: false });
    } catch {
      // Nest has no way to ask without throwing.
    }
    this.found.set(name, port);
    return port;
  }
}
