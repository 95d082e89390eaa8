import { deleteUserKeys, userKeysStep } from '../access/api-key-store.ts';
import { deleteSessions, sessionsStep } from '../access/session-store.ts';
import type { Step } from '../storage/statement.ts';
import type { Transaction } from '../storage/tables.ts';
import { revokeSignInTokens, signInTokensStep } from './auth-token-store.ts';

// Everything that a person who knew the old password may still have: keys that users fetched, auth tokens, which can be
// exchanged for such keys, and links that sign in or set another password.

/** The sign-in that makes the change and stays valid: the id of an API key or of a session. */
export interface KeptSignIn {
  readonly key?: number | undefined;
  readonly session?: number | undefined;
}

/** Ends the sign-ins of an account's users, except `kept`. Named keys and device keys stay valid. */
export async function endSignIns(
  tx: Transaction,
  accountId: number,
  now: number,
  kept: KeptSignIn = {},
): Promise<void> {
  await deleteUserKeys(tx, accountId, kept.key);
  await deleteSessions(tx, accountId, kept.session);
  await revokeSignInTokens(tx, accountId, now);
}

/** Returns the steps that do the same as `endSignIns`, without a sign-in to keep. */
export function endSignInsSteps(accountId: number, now: number): Step[] {
  return [userKeysStep(accountId), sessionsStep(accountId), signInTokensStep(accountId, now)];
}
