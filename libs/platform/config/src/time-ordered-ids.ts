import { Ids } from '@platform/kernel';
import { v7 } from 'uuid';

/** UUIDv7 from the uuid package: monotonic within the process. */
export class TimeOrderedIds extends Ids {
  next(): string {
    return v7();
  }
}
