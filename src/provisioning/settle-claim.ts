import { setTimeout as sleep } from 'node:timers/promises';
import { asDatabaseFailure } from '../storage/database-failure.ts';
import { type Claim, isClaimStored } from '../tokens/claim-store.ts';
import type { ProvisioningContext } from './context.ts';

/**
 * Together with the six seconds that a COMMIT may take, this is less than the ten seconds within which every request is
 * answered.
 */
const patienceMs = 3_000;

/**
 * Returns true if a claim is stored although its COMMIT was not confirmed, by reading the token again. Otherwise throws
 * the error. If the database does not answer either, the answer counts as lost, so that the phone may ask again.
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
