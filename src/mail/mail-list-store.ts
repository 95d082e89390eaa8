import type { ExpressionBuilder } from 'kysely';
import { hasNoPhone } from '../accounts/account-state-store.ts';
import type { Db, Tables } from '../storage/tables.ts';
import { type Mail, type MailState, mailOf } from './mail.ts';

/** Which mails with codes to list: the latest batch, or the last mail of each account if it is in this state. */
export type MailView = 'batch' | MailState;

/** A mail with a code, and the account that the code is for. */
export interface ListedMail {
  readonly mail: Mail;
  readonly account: { readonly id: number; readonly name: string };
}

/** Returns the space's mails with codes, the newest first. */
export async function listMailRows(
  db: Db,
  spaceId: number,
  view: MailView,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<ListedMail[]> {
  let query = db
    .selectFrom('mails')
    .innerJoin('accounts', 'accounts.id', 'mails.account_id')
    .where('mails.kind', '=', 'invitation')
    .where('mails.space_id', '=', spaceId)
    .orderBy('mails.id', 'desc')
    .limit(limit);
  query =
    view === 'batch'
      ? query.where('mails.batch', '=', (from) => lastBatch(from, spaceId))
      : query.where('mails.state', '=', view).where(isLast);
  if (before !== undefined) query = query.where('mails.id', '<', before);
  const rows = await query.selectAll('mails').select(['accounts.username', 'accounts.display_name']).execute();
  return rows.map(({ username, display_name: name, ...row }) => ({
    mail: mailOf(row),
    account: { id: row.account_id, name: name ?? username },
  }));
}

/** Returns how many invitations of the space's last batch are in each state. */
export async function countLastBatch(db: Db, spaceId: number): Promise<Readonly<Record<MailState, number>>> {
  const rows = await db
    .selectFrom('mails')
    .select((of) => ['state', of.fn.countAll<number>().as('count')])
    .where('space_id', '=', spaceId)
    .where('kind', '=', 'invitation')
    .where('batch', '=', (from) => lastBatch(from, spaceId))
    .groupBy('state')
    .execute();
  const count = (state: MailState): number => Number(rows.find((row) => row.state === state)?.count ?? 0);
  return { waiting: count('waiting'), sent: count('sent'), failed: count('failed') };
}

/** Returns how many accounts of the space have a last mail in this state. Counts up to `limit`. */
export async function countLastMails(db: Db, spaceId: number, state: MailState, limit: number): Promise<number> {
  const some = db
    .selectFrom('mails')
    .select('id')
    .where('kind', '=', 'invitation')
    .where('space_id', '=', spaceId)
    .where('state', '=', state)
    .where(isLast)
    .limit(limit);
  const { count } = await db
    .selectFrom(some.as('some'))
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns the ids after this one of accounts whose last mail failed and that have no phone yet, in order. */
export async function accountsWithFailedMail(
  db: Db,
  spaceId: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom('mails')
    .innerJoin('account_states', 'account_states.account_id', 'mails.account_id')
    .where('mails.kind', '=', 'invitation')
    .where('mails.space_id', '=', spaceId)
    .where('mails.state', '=', 'failed')
    .where('mails.account_id', '>', after)
    .where(hasNoPhone)
    .where(isLast)
    .orderBy('mails.account_id')
    .limit(limit)
    .select('mails.account_id')
    .execute();
  return rows.map(({ account_id }) => account_id);
}

type From = ExpressionBuilder<Tables, 'mails'>;

function isLast(of: From) {
  const newer = of
    .selectFrom('mails as newer')
    .select('newer.id')
    .whereRef('newer.account_id', '=', 'mails.account_id')
    .whereRef('newer.id', '>', 'mails.id')
    .where('newer.kind', '=', 'invitation');
  return of.not(of.exists(newer));
}

/** Selects the number of the last batch. Only invitations count, because links to new passwords have no batch. */
function lastBatch(of: From, spaceId: number) {
  return of
    .selectFrom('mails as latest')
    .select((each) => each.fn.max('latest.batch').as('batch'))
    .where('latest.space_id', '=', spaceId)
    .where('latest.kind', '=', 'invitation');
}
