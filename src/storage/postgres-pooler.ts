import { randomBytes } from 'node:crypto';
import { connectTo } from './postgres-driver.ts';
import type { Pool } from './postgres-pool.ts';

const rounds = 3;

/**
 * Throws if a pooler in front of the server knows no transactions, or runs a prepared statement on a connection where it
 * was not prepared.
 */
export async function requireSessions(pool: Pool): Promise<void> {
  // A new name for each probe: a pooler keeps connections on which an earlier process has left its statements.
  const probe = { name: `ringup_probe_${randomBytes(6).toString('hex')}`, text: 'select 1' };
  const [one, other] = [await connectTo(pool), await connectTo(pool)];
  try {
    for (let round = 0; round < rounds; round += 1) {
      await one.query(probe);
      // A pooler gives this transaction the connection that is free: the one that has just prepared the statement.
      await other.begin();
      await one.query(probe);
      await other.rollback();
    }
  } finally {
    await other.rollback();
    one.release();
    other.release();
  }
}
