import { type RawBuilder, sql } from 'kysely';
import { foldText } from '../lib/fold-text.ts';
import { findForbidden } from '../lpconfig/rules.ts';
import { inGroup } from '../storage/search-index.ts';
import type { Db } from '../storage/tables.ts';
import type { Account } from './account.ts';
import { accountColumns, accountOf } from './account-row.ts';
import type { ListFilterName } from './account-state.ts';
import { selectAccounts } from './account-store.ts';

const pageSize = 1_000;

export interface AccountFilter {
  readonly spaceIds: readonly number[];
  /** Part of the user name, display name, e-mail address or phone number; case and accents are ignored. */
  readonly search: string;
  readonly filter?: ListFilterName | undefined;
  readonly group?: string | undefined;
}

export async function listAccounts(
  db: Db,
  filter: AccountFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ accounts: Account[]; total: number }> {
  const condition = matching(filter);
  const rows = await selectAccounts(db)
    .where('accounts.space_id', 'in', filter.spaceIds)
    .where(condition)
    .orderBy('accounts.id')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  const { total } = await db
    .selectFrom('accounts')
    .where('accounts.space_id', 'in', filter.spaceIds)
    .where(condition)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { accounts: rows.map(accountOf), total: Number(total) };
}

/** Returns the matching accounts after the one with this id, ordered by id. */
async function listAccountsAfter(
  db: Db,
  filter: AccountFilter,
  page: { readonly limit: number; readonly after: number },
): Promise<Account[]> {
  const rows = await selectAccounts(db)
    .where('accounts.space_id', 'in', filter.spaceIds)
    .where('accounts.id', '>', page.after)
    .where(matching(filter))
    .orderBy('accounts.id')
    .limit(page.limit)
    .execute();
  return rows.map(accountOf);
}

/** Yields all matching accounts page by page, ordered by id. */
export async function* eachAccount(db: Db, filter: AccountFilter): AsyncGenerator<Account[]> {
  let after = 0;
  for (;;) {
    const accounts = await listAccountsAfter(db, filter, { limit: pageSize, after });
    const last = accounts.at(-1);
    if (last === undefined) return;
    yield accounts;
    after = last.id;
  }
}

/** Returns the accounts that have a linphonerc text of their own. */
export async function listAccountsWithText(db: Db): Promise<Account[]> {
  const rows = await selectAccounts(db).where('accounts.linphonerc', '!=', '').orderBy('accounts.id').execute();
  return rows.map(accountOf);
}

function matching({ search, filter, group }: AccountFilter): RawBuilder<boolean> {
  const conditions = [sql`1 = 1`];
  if (search !== '') conditions.push(containing(search));
  if (filter !== undefined) {
    const state = filter === 'no-mail' ? sql`no_mail = 1` : sql`state = ${filter}`;
    conditions.push(sql`exists (select 1 from account_states where account_id = accounts.id and ${state})`);
  }
  if (group !== undefined) conditions.push(inGroup(sql`accounts.group_name`, group));
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

function containing(search: string): RawBuilder<boolean> {
  // No stored value contains such a character, and databases refuse it in queries.
  if (findForbidden(search) !== undefined) return sql<boolean>`1 = 0`;
  const pattern = `%${foldText(search).replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`exists (select 1 from account_search
    where account_id = accounts.id and text like ${pattern} escape '\\')`;
}

/** Lists the administrators of a space, ordered by id. */
export async function listAdministrators(db: Db, spaceId: number, limit: number): Promise<Account[]> {
  const rows = await db
    .selectFrom('accounts')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('accounts.space_id', '=', spaceId)
    .where('accounts.admin', '=', 1)
    .orderBy('accounts.id')
    .limit(limit)
    .select(accountColumns)
    .execute();
  return rows.map(accountOf);
}
