import type { AccountInSpace } from '../accounts/account.ts';
import { readChecklist } from '../cluster/instance-store.ts';
import { type OpenCode, type OpenCodeContext, openCodeOf } from '../tokens/open-code.ts';
import { findNewestCode, type NewestCode } from '../tokens/token-list-store.ts';
import { type CodeProgress, progressOf } from './code-progress.ts';
import type { ProvisioningContext } from './context.ts';

/** The code that was last issued for an account, and what happened to it. */
export interface FollowedCode {
  readonly token: NewestCode;
  readonly progress: CodeProgress;
  /** What can be shown while the code is valid; otherwise undefined. */
  readonly open: OpenCode | undefined;
  /**
   * Whether phones with the account can be called: an administrator confirmed that the SIP server reads the
   * credentials.
   */
  readonly rings: boolean;
}

/** Returns the account's newest code. Does not issue one. */
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
