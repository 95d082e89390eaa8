import type { AccountInSpace } from '../accounts/account.ts';
import { findUsernames } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type HandOutContext, handOutCodes } from '../tokens/hand-out-code.ts';
import { maxCards } from './sheet-card.ts';

type Groups = AsyncIterable<readonly AccountInSpace[]> | Iterable<readonly AccountInSpace[]>;

/**
 * Hands out the codes of one sheet: of as many of these accounts as it has cards, the `first` of them on, counted from 1. Returns
 * the ids of those that are still there. A longer sheet is for the command: a page of it would be too large.
 */
export async function handOutSheet(
  context: HandOutContext,
  actor: Actor,
  groups: Groups,
  { first = 1 }: { readonly first?: number } = {},
): Promise<number[]> {
  const chosen: AccountInSpace[] = [];
  let place = 0;
  for await (const group of groups) {
    for (const found of group) {
      place += 1;
      if (place >= first && chosen.length < maxCards) chosen.push(found);
    }
    if (chosen.length === maxCards) break;
  }
  await handOutCodes(context, actor, chosen);
  const ids = chosen.map(({ account }) => account.id);
  const there = await findUsernames(context.database, ids);
  return ids.filter((id) => there.has(id));
}
