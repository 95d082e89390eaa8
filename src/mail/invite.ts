import { randomUUID } from 'node:crypto';
import type { AccountInSpace } from '../accounts/account.ts';
import { findLockedAccount, lockAccount } from '../accounts/account-store.ts';
import { deleteWaitingMails } from '../administration/waiting-mail-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { change, partsById } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { isMailAddress } from '../lib/mailbox.ts';
import type { Space } from '../spaces/space.ts';
import type { Transaction } from '../storage/tables.ts';
import { type HandOutContext, handOutCodeIn, lockUnblocked } from '../tokens/hand-out-code.ts';
import type { WishedExpiry } from '../tokens/token-expiry.ts';
import { type MailServerContext, mailServerOf } from './mail-server.ts';
import { insertMail } from './mail-store.ts';
import { type InvitedBefore, stillToInvite, type WhomToInvite } from './whom-to-invite.ts';

export interface InviteContext extends HandOutContext, MailServerContext {}

/** Mails the account's code to its owner: the valid one if there is one, or else a new one. */
export async function invite(
  context: InviteContext,
  actor: Actor,
  found: AccountInSpace,
  wish: WishedExpiry = {},
): Promise<void> {
  requireMailServer(context, found.space);
  await change(context, actor, async (tx, by) => {
    const account = await lockAccount(tx, found.account.id);
    if (!(await inviteIn(tx, context, by, { account, space: found.space, wish, batch: by.at }))) {
      throw new AppError('no-mail-address', { username: account.username });
    }
  });
}

export interface Invited {
  readonly queued: number;
  readonly withoutAddress: number;
  /** How many accounts `invited` left out. */
  readonly leftOut: number;
  /** How many accounts got no mail because they are blocked. */
  readonly blocked: number;
}

type InvitedPart = Omit<Invited, 'blocked'>;

/** By default, everyone gets the mail. */
export interface InviteOptions extends Partial<WhomToInvite> {
  readonly wish?: WishedExpiry;
  /** Whether to only count, without queueing mails. */
  readonly dryRun?: boolean;
}

/**
 * Queues a mail for each of many accounts, some in each transaction. Leaves out blocked accounts, and without counting
 * them those that are blocked or deleted meanwhile. Throws `conflict` if a single named account is blocked, even
 * meanwhile.
 */
export async function inviteAll(
  context: InviteContext,
  actor: Actor,
  groups: AsyncIterable<readonly AccountInSpace[]> | Iterable<readonly AccountInSpace[]>,
  { wish = {}, invited = 'everyone', areNamed = false, dryRun = false }: InviteOptions = {},
): Promise<Invited> {
  const options = { wish, invited, batch: context.now() };
  const sum = { queued: 0, withoutAddress: 0, leftOut: 0, blocked: 0 };
  for await (const group of groups) {
    const isOnly = areNamed && group.length === 1;
    const open = group.filter(({ account }) => account.blockedAt === null);
    if (isOnly && open.length === 0) throw blockedConflict();
    for (const found of open) requireMailServer(context, found.space);
    sum.blocked += group.length - open.length;
    for (const part of partsById(open, ({ account }) => account.id)) {
      const done = dryRun
        ? await countPart(context, part, options)
        : await change(context, actor, (tx, by) => invitePart(tx, context, by, { ...options, part, isOnly }));
      for (const name of ['queued', 'withoutAddress', 'leftOut'] as const) sum[name] += done[name];
    }
  }
  return sum;
}

interface PartOptions {
  readonly wish: WishedExpiry;
  readonly invited: InvitedBefore;
  readonly batch: number;
}

/** Selects the accounts again after locking them, so that two concurrent calls send only one mail to each. */
async function invitePart(
  tx: Transaction,
  context: InviteContext,
  by: By,
  { part, isOnly, ...options }: PartOptions & { readonly part: readonly AccountInSpace[]; readonly isOnly: boolean },
): Promise<InvitedPart> {
  if (isOnly) await requireUnblocked(tx, part);
  const open = await lockUnblocked(tx, part);
  const ids = open.map(({ account }) => account.id);
  const meant = await stillToInvite(tx, by.at, options.invited, ids);
  let queued = 0;
  for (const found of open) {
    if (meant.has(found.account.id) && (await inviteIn(tx, context, by, { ...found, ...options }))) queued += 1;
  }
  return { queued, withoutAddress: meant.size - queued, leftOut: open.length - meant.size };
}

/** Locks these accounts. Throws `conflict` if one of them is blocked. */
async function requireUnblocked(tx: Transaction, part: readonly AccountInSpace[]): Promise<void> {
  for (const { account } of part) {
    const found = await findLockedAccount(tx, account.id);
    if (found !== undefined && found.blockedAt !== null) throw blockedConflict();
  }
}

function blockedConflict(): AppError {
  return new AppError('conflict', { why: 'account-blocked' });
}

/** Counts what `invitePart` would do. */
async function countPart(
  { database, now }: Pick<InviteContext, 'database' | 'now'>,
  part: readonly AccountInSpace[],
  { invited }: Pick<PartOptions, 'invited'>,
): Promise<InvitedPart> {
  const ids = part.map(({ account }) => account.id);
  const meant = await stillToInvite(database, now(), invited, ids);
  const queued = part.filter(({ account }) => meant.has(account.id) && hasAddress(account.email)).length;
  return { queued, withoutAddress: meant.size - queued, leftOut: part.length - meant.size };
}

/** Mails the code of an account. The transaction must have locked it. Returns false if it has no mail address. */
export async function inviteIn(
  tx: Transaction,
  context: HandOutContext,
  by: By,
  { wish, batch, ...found }: AccountInSpace & { readonly wish: WishedExpiry; readonly batch: number },
): Promise<boolean> {
  const { id: accountId, spaceId, email } = found.account;
  if (!hasAddress(email)) return false;
  const { tokenId } = await handOutCodeIn(context, tx, by, { ...found, wish });
  // A newer mail replaces one that still waits, so that nobody gets the same mail twice.
  await deleteWaitingMails(tx, accountId, 'invitation');
  const messageId = messageIdAt(found.space.domain);
  const mail = { kind: 'invitation', accountId, spaceId, tokenId, recipient: email, messageId } as const;
  await insertMail(tx, { ...mail, queuedAt: by.at, batch });
  await recordEvent(tx, { ...by, kind: 'mail-queued', spaceId, accountId, tokenId, detail: { to: email } });
  return true;
}

/** Returns a new `Message-ID`, which the mail keeps in all attempts. */
export function messageIdAt(domain: string): string {
  return `<${randomUUID()}@${domain.replace(/^\[|\]$/g, '').replaceAll(':', '-')}>`;
}

/** Returns whether a mail can be sent to the address. */
export function hasAddress(email: string | null): email is string {
  return email !== null && isMailAddress(email);
}

/** Throws `no-mail-server` if no mail server is set for the space. */
export function requireMailServer(context: MailServerContext, space: Space): void {
  if (mailServerOf(context, space) === undefined) throw new AppError('no-mail-server', { domain: space.domain });
}
