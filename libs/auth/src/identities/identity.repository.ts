import { Injectable } from '@nestjs/common';
import { Database, toDate } from '@platform/database';
import { type Actor, Clock, Ids, personScope } from '@platform/kernel';
import * as sql from './identity.statements';

/** More identities than anybody has. */
const MOST_IDENTITIES = 100;

/** Whom a provider means by a subject. */
export interface KnownIdentity {
  readonly userId: string;
  /** Whether the account has no other one: then the provider's word on its address counts. */
  readonly isOnly: boolean;
  readonly createdAt: Date;
}

/** An identity as it is stored. */
export interface WayIn {
  readonly id: string;
  readonly provider: string;
  readonly subject: string;
}

/** One of a person's identities, as they see it. */
export interface OwnIdentity {
  readonly provider: string;
  readonly createdAt: Date;
}

/** Cache key of the account that a provider means by a subject. */
export function identityKey(provider: string, subject: string): string {
  // A provider's name holds no blank, so no two pairs share a key.
  return `identity:${provider} ${subject}`;
}

/** Named queries on identities. */
@Injectable()
export class IdentityRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The account of the provider's subject, or null; for callers who make actors and so have none. */
  async find(provider: string, subject: string): Promise<KnownIdentity | null> {
    const [row] = await this.database.query<sql.IdentityRow>(sql.FIND, { provider, subject });
    if (!row) return null;
    return { userId: row.user_id, isOnly: Number(row.identities) === 1, createdAt: toDate(row.created_at) };
  }

  /** Hold, until the transaction ends, all others who ask for this subject, in this process and in others. */
  hold(provider: string, subject: string): Promise<void> {
    return this.database.withLock(`auth.identity:${JSON.stringify([provider, subject])}`);
  }

  /** Give the account an identity; false when the subject has an account already, also when two come at once. */
  async add(userId: string, provider: string, subject: string): Promise<boolean> {
    const row = { id: this.ids.next(), provider, subject, user_id: userId, now: this.clock.now() };
    return (await this.database.execute(sql.ADD, row)) === 1;
  }

  /** The ways into an account, oldest first; for work that no person does. */
  waysInOf(userId: string): Promise<WayIn[]> {
    return this.database.query<WayIn & Record<string, unknown>>(sql.WAYS_IN, { user_id: userId });
  }

  /** Take one away. */
  async remove(id: string): Promise<void> {
    await this.database.execute(sql.REMOVE, { id });
  }

  /** The identities of the actor's person, oldest first. */
  async listOf(actor: Actor): Promise<OwnIdentity[]> {
    const rows = await this.database.query<sql.OwnIdentityRow>(sql.LIST_OWN, {
      user_id: personScope(actor),
      limit: MOST_IDENTITIES,
    });
    return rows.map((row) => ({ provider: row.provider, createdAt: toDate(row.created_at) }));
  }
}
