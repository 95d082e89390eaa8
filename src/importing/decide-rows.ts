import type { Account } from '../accounts/account.ts';
import { findAccountByUsername } from '../accounts/account-store.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { changedColumns, changesPassword, isTextColumn, saysSame } from './compare-account.ts';
import { freeUsername } from './derived-username.ts';
import type { CheckedFields, DecisionKind } from './import.ts';
import { mistakesBeside, type RowRules } from './mistakes-beside.ts';
import { findPresentAccounts, type PresentAccounts } from './present-accounts.ts';
import { hasOnlyHa1s, type RowComplaint } from './read-row.ts';

/** A row whose values have been checked. */
export interface DecidableRow {
  readonly line: number;
  readonly fields: CheckedFields;
  readonly complaints: readonly RowComplaint[];
}

/** What happens to a row, and the account that it belongs to. */
export interface Decision {
  readonly kind: DecisionKind;
  readonly fields: CheckedFields;
  readonly complaints: readonly RowComplaint[];
  /** The columns that an update changes. For a new account, `admin` if it becomes an administrator. */
  readonly changes: readonly string[];
  readonly account: Account | undefined;
}

/** The names in earlier rows, because each name may occur only once in a file. */
export interface SeenNames {
  readonly username: Map<string, number>;
  readonly email: Map<string, number>;
  readonly phone: Map<string, number>;
  /** All user names in the file. No derived name may be one of them. */
  readonly reserved: ReadonlySet<string>;
  /** How far the search for a free name came, by the derived name. */
  readonly reached: Map<string, number>;
  /** How many more accounts the space may have. */
  room: number;
}

export interface DecideContext extends RowRules {
  readonly seen: SeenNames;
}

export function noNames(room: number, reserved: ReadonlySet<string>): SeenNames {
  return { username: new Map(), email: new Map(), phone: new Map(), reserved, reached: new Map(), room };
}

/** Decides what happens to rows, by the existing accounts and the earlier rows. */
export async function decideRows(db: Db, context: DecideContext, rows: readonly DecidableRow[]): Promise<Decision[]> {
  const present = await findPresentAccounts(db, context.space, rows);
  const decisions: Decision[] = [];
  for (const row of rows) decisions.push(await decideRow(db, context, present, row));
  return decisions;
}

async function decideRow(
  db: Db,
  context: DecideContext,
  present: PresentAccounts,
  { line, fields: read, complaints }: DecidableRow,
): Promise<Decision> {
  const { space, options, seen } = context;
  const account = present.of(read);
  const exact = present.spelledAs(read);
  const fields = exact === undefined ? read : { ...read, username: exact.username };
  // Values that an account already has stay valid, even if there are stricter rules for new ones.
  const wrong = complaints.filter((each) => account === undefined || !isKept(each, fields, account, space));
  const repeated = repeatedNames(fields, line, seen);
  const all = [...wrong, ...repeated, ...(wrong.length > 0 ? [] : mistakesBeside(fields, account, context, present))];
  const changes = account === undefined ? [] : changedColumns(fields, account, space);
  const base = { fields, changes, account, complaints: firstOfEach(all) };
  if (all.length > 0) return { ...base, kind: 'refused' };
  if (account === undefined) return newAccount(db, context, present, { line, fields });
  if (changes.length === 0) return { ...base, kind: 'unchanged' };
  if (options.onDuplicate === 'skip') return { ...base, kind: 'skipped' };
  if (options.onDuplicate === 'update') return { ...base, kind: 'update' };
  const column = fields.username !== undefined ? 'username' : fields.email !== undefined ? 'email' : 'phone';
  const complaint = { code: 'exists-already', value: fields[column] ?? account.username } as const;
  return { ...base, kind: 'refused', complaints: [{ column, complaint }] };
}

async function newAccount(
  db: Db,
  { space, seen }: DecideContext,
  present: PresentAccounts,
  { line, fields }: Pick<DecidableRow, 'line' | 'fields'>,
): Promise<Decision> {
  const refused = (complaint: RowComplaint['complaint']): Decision => ({
    kind: 'refused',
    fields,
    changes: [],
    account: undefined,
    complaints: [{ column: 'username', complaint }],
  });
  const { username, derivedFrom, proposed } = fields;
  if (username === undefined && derivedFrom === undefined) {
    return refused(fields.phone === undefined ? { code: 'name-missing' } : { code: 'account-lacks' });
  }
  // An HA1 does not show which user name it was made for.
  if (username === undefined && hasOnlyHa1s(fields)) return refused({ code: 'name-of-ha1' });
  if (seen.room <= 0) return refused({ code: 'beyond-limit', maxAccounts: space.maxAccounts });
  const isTaken = async (name: string) =>
    seen.username.has(name) ||
    seen.reserved.has(name) ||
    present.hasUsername(name) ||
    (name !== derivedFrom && (await findAccountByUsername(db, space.id, name)) !== undefined);
  const derived = proposed !== undefined && !(await isTaken(proposed)) ? proposed : undefined;
  const chosen = username ?? derived ?? (await freeUsername(derivedFrom ?? '', isTaken, seen.reached));
  seen.room -= 1;
  seen.username.set(chosen, line);
  const named = { ...fields, username: chosen };
  const changes = fields.admin === true ? ['admin'] : [];
  return { kind: 'create', fields: named, changes, account: undefined, complaints: [] };
}

/** Returns complaints about values that an earlier row has, and remembers new values. */
function repeatedNames(fields: CheckedFields, line: number, seen: SeenNames): RowComplaint[] {
  return (['username', 'email', 'phone'] as const).flatMap((column) => {
    const value = fields[column];
    if (value === undefined) return [];
    const key = column === 'email' ? lowerCaseAscii(value) : value;
    const before = seen[column].get(key);
    if (before === undefined) seen[column].set(key, line);
    return before === undefined || before === line
      ? []
      : [{ column, complaint: { code: 'repeated-in-file', line: before, value } }];
  });
}

function isKept({ column, complaint }: RowComplaint, fields: CheckedFields, account: Account, space: Space): boolean {
  if (column === 'username') return true;
  if (column === 'password' && complaint.code === 'too-short') return !changesPassword(fields, account, space);
  return isTextColumn(column) && saysSame(column, fields[column], account);
}

function firstOfEach(complaints: readonly RowComplaint[]): RowComplaint[] {
  const columns = new Map<string, RowComplaint>();
  for (const each of complaints) if (!columns.has(each.column)) columns.set(each.column, each);
  return [...columns.values()];
}
