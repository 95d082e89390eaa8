import type { AccountInSpace } from '../accounts/account.ts';
import { noteCode } from '../accounts/account-state-store.ts';
import { findLockedAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { change, partsById } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Space } from '../spaces/space.ts';
import type { Transaction } from '../storage/tables.ts';
import { issueTokenIn, type TokenContext } from './issue-token.ts';
import { openCodeOf } from './open-code.ts';
import { tokenExpiry, type WishedExpiry } from './token-expiry.ts';
import { setTokenExpiry } from './token-list-store.ts';
import { provisioningUrl } from './token-urls.ts';

export interface HandOutContext extends TokenContext {
  readonly publicUrl: string;
}

/** A code to be passed on, on paper or by mail. */
export interface HandedOutCode {
  readonly tokenId: number;
  /** The URL that phones fetch. */
  readonly url: string;
  /** null if it never expires. */
  readonly expiresAt: number | null;
}

const minLeftMs = 86_400_000;

/**
 * Returns whether handing out a code extends it by default: if it expires within a day, and earlier than a new one
 * would.
 */
export function endsSoon(
  { tokenLifetimeMs, now }: Pick<HandOutContext, 'tokenLifetimeMs' | 'now'>,
  space: Space,
  expiresAt: number | null,
): boolean {
  const isShort = expiresAt !== null && expiresAt - now() < minLeftMs;
  return isShort && isSooner(expiresAt, tokenExpiry(now(), space, tokenLifetimeMs));
}

function isSooner(expiresAt: number | null, other: number | null): boolean {
  return expiresAt !== null && (other === null || other > expiresAt);
}

/**
 * Returns the valid code of an account, so that a code that was handed out before keeps working. If there is none that
 * can be shown, issues one. The transaction must have locked the account. Extends the valid code to the expiry in
 * `wish` if that is later. Without `wish`, extends a code that expires within a day to the usual lifetime if that is
 * later. Throws `conflict` if the account is blocked.
 */
export async function handOutCodeIn(
  context: HandOutContext,
  tx: Transaction,
  by: By,
  { wish = {}, ...found }: AccountInSpace & { readonly wish?: WishedExpiry | undefined },
): Promise<HandedOutCode> {
  const { account, space } = found;
  if (account.blockedAt !== null) throw new AppError('conflict', { why: 'account-blocked' });
  const wished = tokenExpiry(by.at, space, context.tokenLifetimeMs, wish);
  const then = { ...context, database: tx, now: () => by.at };
  const open = await openCodeOf(then, found);
  if (open?.url === undefined) {
    const code = context.codes.make();
    const { tokenId, expiresAt } = await issueTokenIn(tx, by, { accountId: account.id, code, expiresAt: wished });
    return { tokenId, url: provisioningUrl(space, context.publicUrl, code.token), expiresAt };
  }
  const { id: tokenId, expiresAt } = open.token;
  const isWished = wish.lifetime !== undefined || wish.expires_at !== undefined;
  const isShort = isWished ? isSooner(expiresAt, wished) : endsSoon(then, space, expiresAt);
  if (!isShort) return { tokenId, url: open.url, expiresAt };
  await setTokenExpiry(tx, tokenId, wished);
  // Updated too, because lists show when a waiting code expires.
  await noteCode(tx, account.id, { at: open.token.createdAt, expiresAt: wished });
  const event = { ...by, kind: 'token-extended', spaceId: space.id, accountId: account.id, tokenId } as const;
  await recordEvent(tx, { ...event, detail: { expires_at: wished } });
  return { tokenId, url: open.url, expiresAt: wished };
}

/** Locks these accounts and returns their current state. Leaves out accounts that were blocked or deleted meanwhile. */
export async function lockUnblocked(tx: Transaction, part: readonly AccountInSpace[]): Promise<AccountInSpace[]> {
  const locked: AccountInSpace[] = [];
  for (const { account, space } of part) {
    const found = await findLockedAccount(tx, account.id);
    if (found !== undefined && found.blockedAt === null) locked.push({ account: found, space });
  }
  return locked;
}

/** Hands out codes for many accounts. Returns them by account id. Blocked and deleted accounts get none. */
export async function handOutCodes(
  context: HandOutContext,
  actor: Actor,
  accounts: readonly AccountInSpace[],
): Promise<ReadonlyMap<number, HandedOutCode>> {
  const codes = new Map<number, HandedOutCode>();
  const open = accounts.filter(({ account }) => account.blockedAt === null);
  for (const batch of partsById(open, ({ account }) => account.id)) {
    const handedOut = await change(context, actor, async (tx, by) => {
      const made: [number, HandedOutCode][] = [];
      for (const found of await lockUnblocked(tx, batch)) {
        made.push([found.account.id, await handOutCodeIn(context, tx, by, found)]);
      }
      return made;
    });
    for (const [id, code] of handedOut) codes.set(id, code);
  }
  return codes;
}
