import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type Actor } from '@platform/kernel';
import { FeatureGate, UsageLedger } from '@platform/security';
import { type ClaimedJob } from '../ledger/job-record';
import { type Handler } from './handler';

const PORTS = { FeatureGate, UsageLedger } as const;

/** What `@RequireFeature` and `@Meter` on a handler rely on; domains bind it. */
@Injectable()
export class HandlerPorts {
  constructor(private readonly modules: ModuleRef) {}

  /** Whether a domain of this process binds the port. */
  bound(port: keyof typeof PORTS): boolean {
    try {
      return Boolean(this.modules.get(PORTS[port], { strict: false }));
    } catch {
      return false;
    }
  }

  /** Whether the feature that the handler requires is on for the one who asked. */
  async enabled(handler: Handler, job: ClaimedJob): Promise<boolean> {
    if (handler.feature === undefined) return true;
    return this.modules.get(FeatureGate, { strict: false }).enabled(handler.feature, askerOf(job));
  }

  /** Count what the handler says it uses, in the transaction of the work. */
  async count(handler: Handler, job: ClaimedJob): Promise<void> {
    if (handler.metric === undefined) return;
    await this.modules.get(UsageLedger, { strict: false }).count(handler.metric, askerOf(job), 1);
  }
}

/** The one who asked, without permissions: enough to look up flags and to charge. */
function askerOf({ context, kind, name }: ClaimedJob): Actor {
  const asker = context.actor ?? { kind: 'system' as const, id: `${kind}:${name}` };
  return { ...asker, permissions: new Set() };
}
