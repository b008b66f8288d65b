import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  Authenticator,
  BrowserSessions,
  BoundPort,
  FeatureGate,
  QuotaLedger,
  type RateLimitKey,
  Tenancy,
  UsageLedger,
} from '@platform/security';
import { type PortName } from './route-checks';

/** The ports that domains bind, wherever in the graph they do; looked up once, then kept. */
@Injectable()
export class Ports {
  private readonly ports: Record<PortName, BoundPort<object>>;

  constructor(private readonly modules: ModuleRef) {
    const bound = (port: abstract new () => object) => new BoundPort(modules, port);
    this.ports = {
      Authenticator: bound(Authenticator),
      BrowserSessions: bound(BrowserSessions),
      FeatureGate: bound(FeatureGate),
      UsageLedger: bound(UsageLedger),
      QuotaLedger: bound(QuotaLedger),
      Tenancy: bound(Tenancy),
    };
  }

  /** Whether a domain of this process binds it. */
  bound(name: PortName): boolean {
    return this.ports[name].get() !== null;
  }

  /** What a domain provides under this class; null where none does. */
  rateLimitKey(key: Type<RateLimitKey>): RateLimitKey | null {
    return new BoundPort(this.modules, key).get();
  }

  // The registry refuses a route whose port is not bound, so these four find theirs.
  get authenticator(): Authenticator {
    return this.mustFind('Authenticator') as Authenticator;
  }

  get browserSessions(): BrowserSessions {
    return this.mustFind('BrowserSessions') as BrowserSessions;
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
    const port = this.ports[name].get();
    if (!port) throw new Error(`Nothing binds ${name}: import the domain that provides it`);
    return port;
  }
}
