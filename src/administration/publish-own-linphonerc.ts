import { hash } from 'node:crypto';
import type { AccountInSpace } from '../accounts/account.ts';
import { accountChangesShape, checkAccountFields } from '../accounts/account-fields.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { requireShape } from '../lib/check-shape.ts';
import { updateAccountIn } from './update-account.ts';

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
  context: ChangeContext,
  actor: Actor,
  { account, space }: AccountInSpace,
  { linphonerc, base }: ReviewedOwnText,
): Promise<void> {
  const changes = requireShape(accountChangesShape, { linphonerc });
  const fields = await checkAccountFields(changes, space, { before: account, actor });
  await change(context, actor, async (tx, by) => {
    const { linphonerc: stored } = await lockAccount(tx, account.id);
    if (base !== undefined && base !== markOfText(stored) && linphonerc !== stored)
      throw new AppError('conflict', { why: 'published-meanwhile' });
    await updateAccountIn(tx, by, account, { fields, revokeDevices: false });
  });
}
