import { deleteUserKeys, userKeysStep } from '../access/api-key-store.ts';
import type { Step } from '../storage/statement.ts';
import type { Transaction } from '../storage/tables.ts';
import { attachedAuthTokensStep, revokeAttachedAuthTokens } from './auth-token-store.ts';

// What somebody who knew the old password may still hold: keys that users fetched, and auth tokens, which become such keys.

/** Ends the sign-ins of an account's users, except that by the key `kept`. Named keys and device keys stay. */
export async function endSignIns(tx: Transaction, accountId: number, now: number, kept?: number): Promise<void> {
  await deleteUserKeys(tx, accountId, kept);
  await revokeAttachedAuthTokens(tx, accountId, now);
}

/** Returns the steps that do the same. */
export function endSignInsSteps(accountId: number, now: number): Step[] {
  return [userKeysStep(accountId), attachedAuthTokensStep(accountId, now)];
}
