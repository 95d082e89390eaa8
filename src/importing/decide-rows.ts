import type { Account } from '../accounts/account.ts';
import { findAccountsByNames } from '../accounts/account-names-store.ts';
import { findAccountByUsername } from '../accounts/account-store.ts';
import { passwordComplaint } from '../accounts/password-rule.ts';
import type { Actor } from '../events/actor.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { findForbidden } from '../lpconfig/rules.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { changedColumns, changesPassword, isTextColumn, saysSame } from './compare-account.ts';
import { freeUsername } from './derived-username.ts';
import { mistakesBesideExternal } from './external-cells.ts';
import type { CheckedFields, DecisionKind, ImportOptions } from './import.ts';
import type { RowComplaint } from './read-row.ts';

/** A row whose values have been checked. */
export interface DecidableRow {
  readonly line: number;
  readonly fields: CheckedFields;
  readonly complaints: readonly RowComplaint[];
}

/** What happens to a row, and the account that it is. */
export interface Decision {
  readonly kind: DecisionKind;
  readonly fields: CheckedFields;
  readonly complaints: readonly RowComplaint[];
  /** The columns that an update changes; of a new account, `admin` if it becomes an administrator. */
  readonly changes: readonly string[];
  readonly account: Account | undefined;
}

/** What the rows before this one contain, because each name may be in a file only once. */
export interface SeenNames {
  readonly username: Map<string, number>;
  readonly email: Map<string, number>;
  readonly phone: Map<string, number>;
  /** All user names in the file, which no derived name may take. */
  readonly reserved: ReadonlySet<string>;
  /** How many more accounts the space takes. */
  room: number;
}

export interface DecideContext {
  readonly space: Space;
  /** Who handed the rows in. */
  readonly actor: Actor;
  readonly options: Pick<ImportOptions, 'onDuplicate' | 'allowAdmin'>;
  readonly seen: SeenNames;
}

export function noNames(room: number, reserved: ReadonlySet<string> = new Set()): SeenNames {
  return { username: new Map(), email: new Map(), phone: new Map(), reserved, room };
}

/** Decides what happens to rows, by the accounts that are there now and by the rows before. */
export async function decideRows(db: Db, context: DecideContext, rows: readonly DecidableRow[]): Promise<Decision[]> {
  const present = new PresentAccounts(await findAccountsByNames(db, context.space.id, namesIn(rows)));
  const decisions: Decision[] = [];
  for (const row of rows) decisions.push(await decideRow(db, context, present, row));
  return decisions;
}

function namesIn(rows: readonly DecidableRow[]) {
  const all = (...of: ((fields: CheckedFields) => string | undefined)[]) => [
    ...new Set(rows.flatMap(({ fields }) => of.flatMap((each) => each(fields) ?? [])).filter(isPossible)),
  ];
  return {
    usernames: all(({ username, derivedFrom }) => username ?? derivedFrom, spelledName),
    emails: all(({ email }) => (email === undefined ? undefined : lowerCaseAscii(email))),
    phones: all(({ phone }) => phone),
  };
}

/** PostgreSQL refuses to look for characters that no name can have, such as U+0000. */
function isPossible(name: string): boolean {
  return name !== '' && findForbidden(name) === undefined;
}

function spelledName({ spelled = '' }: CheckedFields): string | undefined {
  return isPossible(spelled) ? spelled : undefined;
}

/** The accounts that rows name, by what they are named. */
class PresentAccounts {
  readonly #byUsername = new Map<string, Account>();
  readonly #byEmail = new Map<string, Account>();
  readonly #byPhone = new Map<string, Account>();

  constructor(accounts: readonly Account[]) {
    for (const account of accounts) {
      this.#byUsername.set(account.username, account);
      if (account.email !== null) this.#byEmail.set(lowerCaseAscii(account.email), account);
      if (account.phone !== null) this.#byPhone.set(account.phone, account);
    }
  }

  /** Returns the account that a row is: that of its user name, else of its mail address, else of its phone. */
  of(fields: CheckedFields): Account | undefined {
    const { username, email, phone } = fields;
    const exact = this.spelledAs(fields);
    if (exact !== undefined) return exact;
    if (username !== undefined) return this.#byUsername.get(username);
    if (email !== undefined) return this.withEmail(email) ?? this.withPhone(phone);
    return this.withPhone(phone);
  }

  /** Returns the account whose user name is the very text in the file: it may have capital letters. */
  spelledAs(fields: CheckedFields): Account | undefined {
    return this.#byUsername.get(spelledName(fields) ?? '');
  }

  withEmail(email: string | undefined): Account | undefined {
    return email === undefined ? undefined : this.#byEmail.get(lowerCaseAscii(email));
  }

  withPhone(phone: string | undefined): Account | undefined {
    return phone === undefined ? undefined : this.#byPhone.get(phone);
  }

  hasUsername(username: string): boolean {
    return this.#byUsername.has(username);
  }
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
  // What an account has stays valid, even if there are stricter rules for what is new.
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
  if (seen.room <= 0) return refused({ code: 'beyond-limit', maxAccounts: space.maxAccounts });
  const isTaken = async (name: string) =>
    seen.username.has(name) ||
    seen.reserved.has(name) ||
    present.hasUsername(name) ||
    (name !== derivedFrom && (await findAccountByUsername(db, space.id, name)) !== undefined);
  const derived = proposed !== undefined && !(await isTaken(proposed)) ? proposed : undefined;
  const chosen = username ?? derived ?? (await freeUsername(derivedFrom ?? '', isTaken));
  seen.room -= 1;
  seen.username.set(chosen, line);
  const named = { ...fields, username: chosen };
  const changes = fields.admin === true ? ['admin'] : [];
  return { kind: 'create', fields: named, changes, account: undefined, complaints: [] };
}

/** Returns complaints about values that an earlier row has, and notes those that are new. */
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

/** Returns the changes that decide whether and how an account signs in, without deactivating, which ends that. */
function signInChanges(changes: readonly string[], { activated }: CheckedFields) {
  return (['password', 'email', 'activated'] as const).filter(
    (column) => changes.includes(column) && (column !== 'activated' || activated === true),
  );
}

/** Returns what is wrong with a row because of the accounts that are there. */
function mistakesBeside(
  fields: CheckedFields,
  account: Account | undefined,
  { options, space, actor }: DecideContext,
  present: PresentAccounts,
): RowComplaint[] {
  const changes = account === undefined ? [] : changedColumns(fields, account, space);
  const mistakes: RowComplaint[] = [];
  for (const [column, owner] of [
    ['email', present.withEmail(fields.email)],
    ['phone', present.withPhone(fields.phone)],
  ] as const) {
    if (owner === undefined || owner.id === account?.id) continue;
    const complaint = { code: 'taken-by', username: owner.username, value: fields[column] ?? '' } as const;
    mistakes.push({ column, complaint });
  }
  const isAdmin = account?.admin ?? false;
  if (!options.allowAdmin && fields.admin !== undefined && fields.admin !== isAdmin) {
    mistakes.push({ column: 'admin', complaint: { code: 'change-of-administrator' } });
  }
  if (!options.allowAdmin && isAdmin) {
    const signsIn = signInChanges(changes, fields);
    for (const column of signsIn) mistakes.push({ column, complaint: { code: 'sign-in-of-administrator' } });
  }
  const isNewPassword = account === undefined || changes.includes('password');
  if (fields.password !== undefined && isNewPassword) {
    const complaint = passwordComplaint(fields.password, { space, admin: fields.admin ?? isAdmin, actor });
    if (complaint !== undefined) mistakes.push({ column: 'password', complaint });
  }
  if (needsPassword(fields, account)) {
    mistakes.push({ column: 'algorithm', complaint: { code: 'needs-password' } });
  }
  return [...mistakes, ...mistakesBesideExternal(fields, account?.external ?? null)];
}

/** The algorithm of an existing account can change only with its password. */
function needsPassword({ algorithm, password }: CheckedFields, account: Account | undefined): boolean {
  if (algorithm === undefined || password !== undefined || account === undefined) return false;
  return account.ha1s.length !== 1 || account.ha1s[0]?.algorithm !== algorithm;
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
