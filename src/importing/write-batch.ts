import { holdActor } from '../access/hold-actor.ts';
import { checkAccountFields } from '../accounts/account-fields.ts';
import { countAccounts, findLockedAccount } from '../accounts/account-store.ts';
import { keepingAnAdministrator } from '../administration/keeping-an-administrator.ts';
import { mayDemote, updateAccountIn } from '../administration/update-account.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import type { Space } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { changesOf } from './compare-account.ts';
import { type CreatedAccount, createRows, inviteCreated, linkExternal } from './create-rows.ts';
import { type DecidableRow, type Decision, decideRows, noNames, type SeenNames } from './decide-rows.ts';
import { type CheckedFields, type Import, type ImportRow, importWithoutRights } from './import.ts';
import type { Writing } from './import-context.ts';
import type { RowRules } from './mistakes-beside.ts';

/** A row after writing, and the password that was generated for its account. */
export interface WrittenRow {
  readonly row: ImportRow;
  readonly password: string | undefined;
}

/** An import, and the user names in its rows that are not written yet. */
export interface NamedImport {
  readonly found: Import;
  /** User names that no derived name may be. */
  readonly reserved: ReadonlySet<string>;
}

/**
 * Writes rows in a transaction. Decides them again, because accounts may have changed since the check. The lock on the
 * space keeps two imports from creating the same account. Throws if the import's actor no longer manages the space.
 */
export async function writeRows(writing: Writing, of: NamedImport, rows: readonly ImportRow[]): Promise<WrittenRow[]> {
  const work = () => writeDecided(writing, of, rows);
  return rows.some(({ fields }) => fields !== undefined && mayDemote(fields))
    ? keepingAnAdministrator(writing.tx, work)
    : work();
}

async function writeDecided(
  writing: Writing,
  { found, reserved }: NamedImport,
  rows: readonly ImportRow[],
): Promise<WrittenRow[]> {
  const { tx, context } = writing;
  const space = await lockSpace(tx, found.spaceId, 'update');
  // Locked before the accounts that are updated.
  if (space.maxAccounts > 0) await bumpRevision(tx, 'accounts');
  // Between two batches, the server may have been stopped for days.
  if (!(await holdActor(tx, context, { actor: found.actor, at: context.now() }, space.id)))
    throw importWithoutRights(found.actor);
  const room =
    space.maxAccounts === 0 ? Number.POSITIVE_INFINITY : space.maxAccounts - (await countAccounts(tx, space.id));
  const decidable = rows.map(({ line, fields }) => ({ line, fields: asRead(fields), complaints: [] }));
  const rules = { space, actor: found.actor, options: found.options };
  const decisions = await decideLocked(tx, rules, () => noNames(room, reserved), decidable);
  const decided = rows.flatMap((row, index) => {
    const decision = decisions[index];
    return decision === undefined ? [] : [{ row, decision }];
  });
  const created = await createRows(writing, { space, options: found.options }, decided);
  // All mails of one run are one mailing, which is later than those between the check and the run.
  const batch = found.writingSince ?? writing.by.at;
  if (found.options.invite) await inviteCreated(writing, { space, batch }, created);
  const written: WrittenRow[] = [];
  for (const { row, decision } of decided) {
    written.push(await writeRow(writing, space, { row, decision, created: created.get(row.position) }));
  }
  return written;
}

/** Decides rows while their accounts are locked, so that none becomes an administrator before it is changed. */
async function decideLocked(
  tx: Transaction,
  rules: RowRules,
  nothingSeen: () => SeenNames,
  rows: readonly DecidableRow[],
): Promise<Decision[]> {
  const locked = new Set<number>();
  for (;;) {
    const decisions = await decideRows(tx, { ...rules, seen: nothingSeen() }, rows);
    const updated = decisions.flatMap(({ kind, account }) => (kind === 'update' && account ? [account.id] : []));
    const free = updated.filter((id) => !locked.has(id)).sort((one, other) => one - other);
    if (free.length === 0) return decisions;
    for (const id of free) await findLockedAccount(tx, id);
    for (const id of free) locked.add(id);
  }
}

/** Removes a derived user name, because it may have been taken since it was proposed. */
function asRead(fields: CheckedFields | undefined): CheckedFields {
  if (fields === undefined) return { username: undefined, derivedFrom: undefined };
  if (fields.derivedFrom === undefined) return fields;
  return { ...fields, username: undefined, proposed: fields.username };
}

interface DecidedRow {
  readonly row: ImportRow;
  readonly decision: Decision;
  /** The account that the row created. */
  readonly created: CreatedAccount | undefined;
}

async function writeRow(
  { tx, by }: Writing,
  space: Space,
  { row, decision, created }: DecidedRow,
): Promise<WrittenRow> {
  const { kind, fields, complaints, changes } = decision;
  const done = { ...row, decision: kind, complaints, changes, cells: [], writtenAt: by.at };
  const username = fields.username ?? decision.account?.username;
  const kept = { ...done, fields: withoutSecrets({ ...fields, username }) };
  if (created !== undefined) return { row: { ...kept, accountId: created.id }, password: created.password };
  const { account } = decision;
  if (kind === 'update' && account !== undefined) {
    const changed = changesOf(fields, account, space);
    const checked = await checkAccountFields(changed, space, { before: account, actor: by.actor });
    await updateAccountIn(tx, by, account, { fields: checked, revokeDevices: false });
    if (changes.includes('external account')) await linkExternal(tx, by, account, fields);
  }
  // A row that is now refused keeps its cells, so that it can be corrected.
  const isRefused = kind === 'refused';
  return {
    row: {
      ...(isRefused ? { ...done, cells: row.cells, fields, writtenAt: null } : kept),
      accountId: account?.id ?? null,
    },
    password: undefined,
  };
}

function withoutSecrets(fields: CheckedFields): CheckedFields {
  const { password: _, ha1_md5: __, ha1_sha256: ___, external_password: ____, ...open } = fields;
  return open;
}
