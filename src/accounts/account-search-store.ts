import { indexTexts } from '../storage/search-index.ts';
import type { Transaction } from '../storage/tables.ts';
import { searchText, tokensOf } from './search-text.ts';

export const searchedColumns = ['display_name', 'username', 'email', 'phone'] as const;

type SearchedRow = Parameters<typeof searchText>[0] & { readonly id: number; readonly space_id: number };

/** Updates the search index for an account, from its current row. */
export async function indexAccount(tx: Transaction, accountId: number): Promise<void> {
  const row = await tx
    .selectFrom('accounts')
    .where('id', '=', accountId)
    .select(['id', 'space_id', ...searchedColumns])
    .executeTakeFirstOrThrow();
  await indexAccounts(tx, [row]);
}

/** Updates the search index for new accounts, whose rows are at hand. */
export function indexAccounts(tx: Transaction, rows: readonly SearchedRow[]): Promise<void> {
  const texts = rows.map((row) => {
    const text = searchText(row);
    return { accountId: row.id, spaceId: row.space_id, text, tokens: tokensOf(row.space_id, text) };
  });
  return indexTexts(tx, texts);
}
