import { IdColumn, IntColumn, PersonalData, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey } from 'typeorm';

/** The authenticator of a person: RFC 6238, six digits, thirty seconds. */
@Entity('second_factors')
export class SecondFactor {
  @IdColumn()
  @PersonalData({
    holds: 'person',
    summary: 'The secret that is shared with the authenticator, encrypted',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  })
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  /** The shared secret, sealed for this user. */
  @TextColumn({ length: 255 })
  sealedSecret: string;

  /** The newest time step whose code was accepted: a code is good once. */
  @IntColumn({ nullable: true })
  lastStep: number | null;

  @TimeColumn()
  createdAt: Date;

  /** Null: handed out, and not yet in force. */
  @TimeColumn({ nullable: true })
  confirmedAt: Date | null;
}
