import { hash } from 'node:crypto';
import type { AccountInSpace } from '../accounts/account.ts';
import { accountChangesShape } from '../accounts/account-fields.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { requireShape } from '../lib/check-shape.ts';
import type { TokenContext } from '../tokens/issue-token.ts';
import { updateAccount } from './update-account.ts';

export interface ReviewedOwnText {
  readonly linphonerc: string;
  /** The mark of the text with which the person compared this one. */
  readonly base?: string | undefined;
}

/** Returns a mark that differs for different texts. */
export function markOfText(linphonerc: string): string {
  return hash('sha256', linphonerc).slice(0, 16);
}

/**
 * Publishes an account's own linphonerc text. Throws `conflict` if the account has had another text since `base`,
 * because publishing would undo it unseen.
 */
export async function publishOwnLinphonerc(
  context: TokenContext,
  actor: Actor,
  found: AccountInSpace,
  { linphonerc, base }: ReviewedOwnText,
): Promise<void> {
  const stored = found.account.linphonerc;
  if (base !== undefined && base !== markOfText(stored) && linphonerc !== stored)
    throw new AppError('conflict', { why: 'published-meanwhile' });
  await updateAccount(context, actor, found, requireShape(accountChangesShape, { linphonerc }));
}
