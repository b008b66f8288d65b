import { BootRefused } from '@platform/kernel';
import { type Client, type Pool } from 'pg';
import { type Place } from '../place';
import { sharedSessions } from '../refusals';
import { GuardedClient } from './guarded-client';

/** Attempts of the proof: a pooler under load may give one client the same session twice. */
const ROUNDS = 3;

/**
 * Prove that a connection of the pool has a session of its own, as named statements, session locks and LISTEN need.
 * @throws BootRefused behind a pooler that lends sessions by the transaction
 */
export async function demandSessions(pool: Pool, place: Place): Promise<void> {
  const first = await pool.connect();
  try {
    const own = await sessionOf(first);
    // PostgreSQL tells each connection in the handshake which process serves it. A pooler makes that number up.
    if (own === (first as unknown as { processID: number | null }).processID) return;
    const second = new GuardedClient(pool.options);
    await second.connect();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const seen = [await sessionOf(first), await sessionOf(first), await sessionOf(second)];
        if (seen[0] !== own || seen[1] !== own || seen[2] === own) {
          throw new BootRefused([sharedSessions(place.setting, 'two connections share one session')]);
        }
      }
    } finally {
      await second.end();
    }
  } finally {
    first.release();
  }
}

async function sessionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ session: number }>('SELECT pg_backend_pid() AS session');
  return rows[0]?.session ?? 0;
}
