import { setTimeout as sleep } from 'node:timers/promises';
import { asDatabaseFailure } from '../storage/database-failure.ts';
import { isClaimStored } from '../tokens/claim-store.ts';
import type { ProvisioningContext } from './context.ts';
import type { Claim } from './deliveries.ts';

/** With the six seconds that a COMMIT may take, less than the ten seconds after which every request has its answer. */
const patienceMs = 3_000;

/**
 * Returns true if a claim is stored whose COMMIT was not answered: the token itself tells what became of it. Otherwise throws
 * why. Without a word from the database, the answer counts as lost, so that the phone may ask again.
 */
export async function settleClaim(
  { database, deliveries }: Pick<ProvisioningContext, 'database' | 'deliveries'>,
  claim: Claim,
  unconfirmed: Error,
): Promise<true> {
  const known = isClaimStored(database, claim).catch(() => undefined);
  const isStored = await Promise.race([known, sleep(patienceMs, undefined, { ref: false })]);
  if (isStored === true) return true;
  if (isStored === false) throw asDatabaseFailure(unconfirmed.cause);
  deliveries.unconfirmed(claim);
  throw unconfirmed;
}
