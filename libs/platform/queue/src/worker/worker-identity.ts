import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';

/** The name of this process in the ledger: `host:pid:random`, so that a restarted process does not inherit leases. */
@Injectable()
export class WorkerIdentity {
  readonly id = `${hostname().slice(0, 80)}:${process.pid}:${randomBytes(4).toString('hex')}`;
}
