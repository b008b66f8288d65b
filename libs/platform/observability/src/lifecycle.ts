import { Injectable } from '@nestjs/common';

/** Where the process stands between boot and exit. */
@Injectable()
export class Lifecycle {
  private isDraining = false;

  /** Whether the process has been told to stop: readiness says so, and work in flight is finished. */
  get draining(): boolean {
    return this.isDraining;
  }

  /** Seconds since the process began. */
  get uptimeSeconds(): number {
    return process.uptime();
  }

  /** From now on `/health/ready` answers 503, so that no balancer sends new requests. Safe twice. */
  beginDrain(): void {
    this.isDraining = true;
  }
}
