import { type AccountInSpace, addressOf } from '../accounts/account.ts';
import type { Language } from '../lib/languages.ts';
import { partsInTurns } from '../lib/parts-in-turns.ts';
import { ownTimeZone } from '../locale/moment-text.ts';
import { type OpenCodeContext, openCodesOf } from '../tokens/open-code.ts';

/** The content of one card of a code sheet. */
export interface SheetCard {
  readonly accountId: number;
  readonly name: string;
  /** For example `alice@sip.example.com`. */
  readonly address: string;
  /** The URL in the code. */
  readonly url: string;
  /** null if the code never expires. */
  readonly expiresAt: number | null;
  readonly contactText: string | null;
  /** The language of the account, or else of its space. */
  readonly language: Language;
  /** The time zone of the space, for the times on the card. */
  readonly timeZone: string;
}

/** The maximum number of cards on a sheet in the panel. Commands write longer sheets to a file. */
export const maxCards = 500;

export function sheetCard(
  found: AccountInSpace,
  code: { readonly url: string; readonly expiresAt: number | null },
): SheetCard {
  const { account, space } = found;
  const { url, expiresAt } = code;
  return {
    accountId: account.id,
    name: account.displayName ?? account.username,
    address: addressOf(found),
    url,
    expiresAt,
    contactText: space.contactText,
    language: account.language ?? space.language,
    timeZone: space.timeZone ?? ownTimeZone(),
  };
}

/** Returns the cards of accounts that have a valid code that can be shown, in the order of the accounts. */
export async function presentCards(
  context: OpenCodeContext,
  accounts: readonly AccountInSpace[],
): Promise<SheetCard[]> {
  const cards: SheetCard[] = [];
  for await (const part of partsInTurns(accounts.filter(({ account }) => account.blockedAt === null))) {
    const codes = await openCodesOf(context, part);
    for (const found of part) {
      const open = codes.get(found.account.id);
      if (open?.url !== undefined) cards.push(sheetCard(found, { url: open.url, expiresAt: open.token.expiresAt }));
    }
  }
  return cards;
}
