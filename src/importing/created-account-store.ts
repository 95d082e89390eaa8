import { sql } from 'kysely';
import type { Db } from '../storage/tables.ts';
import type { CountedGroups, CreatedGroup } from './import.ts';

/** Selects the accounts that an import created and that have no phone yet. */
function created(db: Db, importId: number) {
  return db
    .selectFrom('import_rows')
    .innerJoin('account_states', 'account_states.account_id', 'import_rows.account_id')
    .where('import_rows.import_id', '=', importId)
    .where('import_rows.decision', '=', 'create')
    .where('import_rows.written_at', 'is not', null)
    .where('account_states.state', 'in', ['never', 'waiting', 'failed']);
}

const isIn = {
  all: sql<boolean>`1 = 1`,
  // The accounts that a mail to a group is sent to by default.
  'to-invite': sql<boolean>`account_states.no_mail = 0 and account_states.invited_at is null and not exists
    (select 1 from mails where mails.account_id = account_states.account_id and mails.kind = 'invitation'
    and mails.state = 'waiting')`,
  'without-mail': sql<boolean>`account_states.no_mail = 1`,
  'without-code': sql<boolean>`account_states.code_ends_at is null`,
} as const satisfies Record<CreatedGroup, unknown>;

/** Returns the ids of accounts of a group in the order of the file, and the position of the last one. */
export async function listCreated(
  db: Db,
  importId: number,
  group: CreatedGroup,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ readonly ids: number[]; readonly last: number | undefined }> {
  const rows = await created(db, importId)
    .where('import_rows.position', '>', after)
    .where(isIn[group])
    .orderBy('import_rows.position')
    .limit(limit)
    .select(['import_rows.position', 'account_states.account_id'])
    .execute();
  return { ids: rows.map(({ account_id }) => account_id), last: rows.at(-1)?.position };
}

export async function countCreated(db: Db, importId: number): Promise<CountedGroups> {
  const total = (group: CreatedGroup) => sql<number>`coalesce(sum(case when ${isIn[group]} then 1 else 0 end), 0)`;
  const row = await created(db, importId)
    .select([
      total('all').as('all'),
      total('to-invite').as('to-invite'),
      total('without-mail').as('without-mail'),
      total('without-code').as('without-code'),
    ])
    .executeTakeFirstOrThrow();
  return {
    all: Number(row.all),
    'to-invite': Number(row['to-invite']),
    'without-mail': Number(row['without-mail']),
    'without-code': Number(row['without-code']),
  };
}
