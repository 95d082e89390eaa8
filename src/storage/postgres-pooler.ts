import { randomBytes } from 'node:crypto';
import { connectTo } from './postgres-driver.ts';
import type { Pool } from './postgres-pool.ts';

/** Among other clients of a busy pooler, about one round in ten shows nothing. */
const rounds = 8;

/**
 * Throws if a connection pooler in front of the server does not support transactions, or runs a prepared statement on a
 * connection where it was not prepared.
 */
export async function requireSessions(pool: Pool): Promise<void> {
  // A new name for each probe, because a pooler keeps connections on which earlier processes have left their
  // statements.
  const probe = { name: `ringup_probe_${randomBytes(6).toString('hex')}`, text: 'select 1' };
  const [one, other] = [await connectTo(pool), await connectTo(pool)];
  try {
    for (let round = 0; round < rounds; round += 1) {
      await one.query(probe);
      // A pooler now uses the free connection for this transaction, which is the one that has just prepared the
      // statement.
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
