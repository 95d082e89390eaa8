import type { Transaction } from '../storage/tables.ts';

/** When a key or a session was last used. */
export interface Use {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export async function recordUses(tx: Transaction, table: 'api_keys' | 'sessions', uses: readonly Use[]): Promise<void> {
  // In a fixed order, so that two nodes that write the same rows do not deadlock.
  for (const { id, at } of uses.toSorted((one, other) => one.id - other.id)) {
    await tx.updateTable(table).set({ last_used_at: at }).where('id', '=', id).where('last_used_at', '<', at).execute();
  }
}
