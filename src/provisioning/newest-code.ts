import type { AccountInSpace } from '../accounts/account.ts';
import { readChecklist } from '../cluster/instance-store.ts';
import { type OpenCode, type OpenCodeContext, openCodeOf } from '../tokens/open-code.ts';
import { findNewestCode, type NewestCode } from '../tokens/token-list-store.ts';
import { type CodeProgress, progressOf } from './code-progress.ts';
import type { ProvisioningContext } from './context.ts';

/** The code that was issued to an account last, and what became of it. */
export interface FollowedCode {
  readonly token: NewestCode;
  readonly progress: CodeProgress;
  /** What there is to show while the code is valid. */
  readonly open: OpenCode | undefined;
  /** Whether a phone with the account is known to ring: somebody said that the SIP server reads the credentials. */
  readonly rings: boolean;
}

/** Returns the account's newest code, without issuing another. */
export async function followedCodeOf(
  context: OpenCodeContext & Pick<ProvisioningContext, 'database' | 'bootId' | 'isProcessAlive' | 'now'>,
  found: AccountInSpace,
): Promise<FollowedCode | undefined> {
  const token = await findNewestCode(context.database, found.account.id);
  if (token === undefined) return undefined;
  const progress = await progressOf(context, found.account.id, token);
  const rings = progress.state === 'delivered' && (await readChecklist(context.database)).credentialsReadAt !== null;
  return { token, progress, open: await openCodeOf(context, found), rings };
}
