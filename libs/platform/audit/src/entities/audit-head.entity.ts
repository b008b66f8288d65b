import { BigIntColumn, TextColumn } from '@platform/database';
import { Entity, PrimaryColumn } from 'typeorm';

/** The last link of a chain: what the next row is chained to, and the lock that appends wait for. */
@Entity('audit_heads')
export class AuditHead {
  /** The table whose chain this is. */
  @PrimaryColumn({ type: 'varchar', length: 50 })
  name: string;

  /** Position of the last row; 0 before the first. */
  @BigIntColumn()
  sequence: number;

  @TextColumn({ length: 64 })
  prevHash: string;

  @TextColumn({ length: 64 })
  rowHash: string;
}
