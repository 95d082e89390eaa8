import type { AccountInSpace } from '../accounts/account.ts';
import { findUsernames } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type HandOutContext, handOutCodes } from '../tokens/hand-out-code.ts';
import { maxCards, type SheetCard, sheetCard } from './sheet-card.ts';

type Groups = AsyncIterable<readonly AccountInSpace[]> | Iterable<readonly AccountInSpace[]>;

export interface HandedOutSheet {
  /** The ids of accounts that still exist. */
  readonly ids: readonly number[];
  readonly cards: readonly SheetCard[];
  /** Accounts that have no card, because they are blocked or deleted. */
  readonly without: readonly AccountInSpace[];
  /** Whether more accounts follow, which are not on the sheet. */
  readonly hasMore: boolean;
}

/** Hands out the codes of one sheet: of the first `max` accounts, by default as many as a page of the panel shows. */
export async function handOutSheet(
  context: HandOutContext,
  actor: Actor,
  groups: Groups,
  { max = maxCards }: { readonly max?: number } = {},
): Promise<HandedOutSheet> {
  const { chosen, hasMore } = await firstOf(groups, max);
  const codes = await handOutCodes(context, actor, chosen);
  const cards = chosen.flatMap((found) => {
    const code = codes.get(found.account.id);
    return code === undefined ? [] : [sheetCard(found, code)];
  });
  const without = chosen.filter(({ account }) => !codes.has(account.id));
  const there = await findUsernames(
    context.database,
    without.map(({ account }) => account.id),
  );
  const ids = chosen.map(({ account }) => account.id).filter((id) => codes.has(id) || there.has(id));
  return { ids, cards, without, hasMore };
}

/** Returns the first `max` accounts, and whether more follow. */
async function firstOf(groups: Groups, max: number) {
  const chosen: AccountInSpace[] = [];
  for await (const group of groups) {
    for (const found of group) {
      if (chosen.length === max) return { chosen, hasMore: true };
      chosen.push(found);
    }
  }
  return { chosen, hasMore: false };
}
