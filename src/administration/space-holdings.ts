import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { countHoldings } from './space-use-store.ts';

/** What a space has, and what would end with it. */
export interface SpaceHoldings {
  readonly accounts: number;
  /** Phones that have an account of the space and were not revoked. */
  readonly devices: number;
}

/** Counts what would end with a space. It reads all its accounts, so it is for the moment before deleting only. */
export function spaceHoldings({ database }: { readonly database: Db }, space: Space): Promise<SpaceHoldings> {
  return countHoldings(database, space.id);
}
