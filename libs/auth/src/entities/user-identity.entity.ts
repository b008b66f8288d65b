import { IdColumn, PersonColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';

/** Whom a provider of sign-ins means by a subject. */
@Entity('user_identities')
@Index(['provider', 'subject'], { unique: true })
@Index(['userId'])
export class UserIdentity {
  @IdColumn()
  id: string;

  /** `local`, or the name of another provider. */
  @TextColumn({ length: 64 })
  provider: string;

  /** The provider's own id of the person; our user id for `local`. */
  @TextColumn({ length: 255 })
  subject: string;

  @PersonColumn({
    summary: 'Providers that the person signs in with, and their ids of the person',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  })
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  @TimeColumn()
  createdAt: Date;
}
