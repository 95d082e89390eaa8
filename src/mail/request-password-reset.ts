import { hasPages } from '../access/caller.ts';
import type { Account, AccountInSpace } from '../accounts/account.ts';
import { findLockedAccount } from '../accounts/account-store.ts';
import {
  type AccountContext,
  findAccountByAddress,
  findAccountsWithEmail,
  parseOwnName,
} from '../accounts/find-account.ts';
import { recordEvent } from '../events/event-store.ts';
import { isMailAddress } from '../lib/mailbox.ts';
import { hashSecret } from '../lib/random-token.ts';
import type { Space } from '../spaces/space.ts';
import { inTransaction } from '../storage/database.ts';
import type { Db } from '../storage/tables.ts';
import type { Codes } from '../tokens/codes.ts';
import { insertToken } from '../tokens/token-store.ts';
import { hasAddress, messageIdAt } from './invite.ts';
import { type MailServerContext, mailServerOf } from './mail-server.ts';
import { countMailsSince, insertMail } from './mail-store.ts';

export interface ResetRequestContext extends AccountContext, MailServerContext {
  readonly codes: Codes;
  now(): number;
}

export const resetLifetimeMs = 3_600_000;
const maxMailsInAnHour = 3;
/** A mail address may belong to one account in each space. Only this many accounts are considered. */
const maxOwners = 50;

/**
 * Mails a link to a new password to the account with this name: a user name of the space, a user name with its domain,
 * or a mail address. The caller does not learn the result, so that only the owner of the mailbox sees whether the
 * account exists.
 */
export async function mailResetLink(
  context: ResetRequestContext,
  { name, space }: { readonly name: string; readonly space: Space },
): Promise<void> {
  const found = await accountNamed(context, name, space);
  if (found !== undefined) await queueReset(context, found);
}

/**
 * Returns the first account with this name that can get a link. Others with the same mail address do not prevent that.
 */
async function accountNamed(
  context: ResetRequestContext,
  name: string,
  space: Space,
): Promise<AccountInSpace | undefined> {
  const { username, domain = space.domain } = parseOwnName(name);
  const named = await findAccountByAddress(context, { username, domain });
  if (named !== undefined && canGetLink(context, named)) return named;
  if (!isMailAddress(name)) return undefined;
  const everywhere = context.spaces.all.map(({ id }) => id);
  for (const spaceIds of [[space.id], everywhere]) {
    const owners = await findAccountsWithEmail(context, { spaceIds, email: name, limit: maxOwners });
    const first = owners.find((owner) => canGetLink(context, owner));
    if (first !== undefined) return first;
  }
  return undefined;
}

async function queueReset(context: ResetRequestContext, { account: known, space }: AccountInSpace): Promise<void> {
  // Strangers can repeat the request. A refused one must not lock the account or change its version.
  if ((await recipientOf(context, context.database, known, space)) === undefined) return;
  await inTransaction(context.database, async (tx) => {
    const account = await findLockedAccount(tx, known.id);
    const email = account && (await recipientOf(context, tx, account, space));
    if (email === undefined) return;
    const now = context.now();
    const { token, salt } = context.codes.make();
    const tokenId = await insertToken(tx, {
      kind: 'password-reset',
      hash: hashSecret(token),
      salt,
      accountId: known.id,
      createdAt: now,
      expiresAt: now + resetLifetimeMs,
    });
    const of = { accountId: known.id, spaceId: space.id, tokenId };
    const mail = { ...of, kind: 'password-reset', recipient: email, messageId: messageIdAt(space.domain) } as const;
    await insertMail(tx, { ...mail, queuedAt: now, batch: now });
    await recordEvent(tx, { ...of, at: now, kind: 'mail-queued', detail: { mail: 'password-reset', to: email } });
  });
}

/** Returns the mail address if the account may get another link now. */
async function recipientOf(
  context: ResetRequestContext,
  db: Db,
  account: Account,
  space: Space,
): Promise<string | undefined> {
  const { id, email } = account;
  if (!canGetLink(context, { account, space })) return undefined;
  const count = await countMailsSince(db, id, 'password-reset', context.now() - 3_600_000);
  return email !== null && count < maxMailsInAnHour ? email : undefined;
}

/** Returns whether a link can be mailed to the account, and whether its owner could sign in with a new password. */
function canGetLink(context: MailServerContext, found: AccountInSpace): boolean {
  const { email, blockedAt } = found.account;
  const maySignIn = blockedAt === null && hasPages(found);
  return maySignIn && hasAddress(email) && mailServerOf(context, found.space) !== undefined;
}
