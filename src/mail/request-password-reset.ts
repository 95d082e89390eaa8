import type { Account, AccountInSpace } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import {
  type AccountContext,
  findAccountByAddress,
  findAccountWithEmail,
  parseOwnName,
} from '../accounts/find-account.ts';
import { recordEvent } from '../events/event-store.ts';
import { isMailAddress } from '../lib/mailbox.ts';
import type { OutageLog } from '../lib/outage-log.ts';
import { hashSecret } from '../lib/random-token.ts';
import type { Space } from '../spaces/space.ts';
import { inTransaction } from '../storage/database.ts';
import type { Codes } from '../tokens/codes.ts';
import { insertToken } from '../tokens/token-store.ts';
import { messageIdAt } from './invite.ts';
import { type MailServerContext, mailServerOf } from './mail-server.ts';
import { countMailsSince, insertMail } from './mail-store.ts';

interface ResetRequestContext extends AccountContext, MailServerContext {
  readonly codes: Codes;
  readonly outages: OutageLog;
  now(): number;
}

export const resetLifetimeMs = 3_600_000;
const maxMailsInAnHour = 3;

/**
 * Mails a link to a new password to whoever may sign in with this name: a user name of the space, a user name with its domain,
 * or a mail address. Returns at once: how long it takes would tell whether there is such an account, and what came of it is
 * for the mailbox alone to know.
 */
export function queuePasswordReset(context: ResetRequestContext, name: string, space: Space): void {
  queueResets(context, name, space).catch((error) =>
    context.outages.report(error, {}, 'a link to a new password could not be queued'),
  );
}

async function queueResets(context: ResetRequestContext, name: string, space: Space): Promise<void> {
  for (const found of await accountsNamed(context, name.trim(), space)) await queueReset(context, found);
}

async function accountsNamed(context: ResetRequestContext, name: string, space: Space): Promise<AccountInSpace[]> {
  const { spaces } = context;
  const { username, domain = space.domain } = parseOwnName(name);
  const named = await findAccountByAddress(context, { username, domain });
  if (named !== undefined) return [named];
  if (!isMailAddress(name)) return [];
  // Within a space, an address belongs to one account.
  const everywhere = spaces.all.map(({ id }) => id);
  const owner =
    (await findAccountWithEmail(context, [space.id], name)) ?? (await findAccountWithEmail(context, everywhere, name));
  return owner === undefined ? [] : [owner];
}

async function queueReset(context: ResetRequestContext, { account: { id }, space }: AccountInSpace): Promise<void> {
  if (mailServerOf(context, space) === undefined) return;
  await inTransaction(context.database, async (tx) => {
    const account = await lockAccount(tx, id);
    const now = context.now();
    const { email } = account;
    if (email === null || !isMailAddress(email) || !maySignIn(account, space)) return;
    if ((await countMailsSince(tx, id, 'password-reset', now - 3_600_000)) >= maxMailsInAnHour) return;
    const { token, salt } = context.codes.make();
    const tokenId = await insertToken(tx, {
      kind: 'password-reset',
      hash: hashSecret(token),
      salt,
      accountId: id,
      createdAt: now,
      expiresAt: now + resetLifetimeMs,
    });
    const of = { accountId: id, spaceId: space.id, tokenId };
    const mail = { ...of, kind: 'password-reset', recipient: email, messageId: messageIdAt(space.domain) } as const;
    await insertMail(tx, { ...mail, queuedAt: now, batch: now });
    await recordEvent(tx, { ...of, at: now, kind: 'mail-queued', detail: { mail: 'password-reset', to: email } });
  });
}

/** Users have a page of their own only where their space says so. */
function maySignIn({ blockedAt, activatedAt, admin }: Account, { selfService }: Space): boolean {
  return blockedAt === null && (admin ? activatedAt !== null : selfService);
}
