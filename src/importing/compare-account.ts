import type { Account } from '../accounts/account.ts';
import { ha1sOfPassword } from '../accounts/passwords.ts';
import { withoutEnds } from '../lib/clean-text.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import type { Space } from '../spaces/space.ts';
import { type AccountChangesWithHa1s, accountOf, ha1sIn } from './check-row.ts';
import { changesExternal } from './external-cells.ts';
import type { CheckedFields } from './import.ts';
import { mailIn } from './mail-cell.ts';
import { nameIn } from './name-cell.ts';

/** The columns whose text an account keeps unchanged: which property has it, and how an import reads a cell with it. */
const texts = {
  name: { of: 'displayName', read: nameIn },
  // In the form in which no other account can have it.
  email: { of: 'email', read: (cell) => lowerCaseAscii(mailIn(cell)) },
  phone: { of: 'phone', read: withoutEnds },
  language: { of: 'language', read: withoutEnds },
  note: { of: 'note', read: withoutEnds },
  group: { of: 'group', read: withoutEnds },
} as const satisfies Partial<
  Record<keyof CheckedFields, { readonly of: keyof Account; readonly read: (cell: string) => string }>
>;

type TextColumn = keyof typeof texts;
const textColumns = Object.keys(texts) as TextColumn[];

export function isTextColumn(column: string): column is TextColumn {
  return Object.hasOwn(texts, column);
}

/**
 * Whether a text is the account's. A table of ours has `Weber, Max` as it is stored, and the import reads it as Max Weber:
 * that changes nothing.
 */
export function saysSame(column: TextColumn, text: string | undefined, account: Account): boolean {
  const { of, read } = texts[column];
  const stored = account[of];
  if (text === undefined || stored === null) return false;
  return text === stored || read(text) === read(withoutEnds(stored));
}

/** Returns the columns of a row that say something else than the account. An empty cell says nothing. */
export function changedColumns(fields: CheckedFields, account: Account, space: Space): string[] {
  const changed: string[] = textColumns.filter(
    (column) => fields[column] !== undefined && !saysSame(column, fields[column], account),
  );
  if (fields.admin !== undefined && fields.admin !== account.admin) changed.push('admin');
  if (changesPassword(fields, account, space)) changed.push('password');
  if (fields.activated !== undefined && fields.activated !== (account.activatedAt !== null)) changed.push('activated');
  if (changesExternal(fields, account.external)) changed.push('external account');
  return changed;
}

/** A stored HA1 tells whether it is the same password. */
export function changesPassword(fields: CheckedFields, account: Account, space: Space): boolean {
  const { password, algorithm } = fields;
  const given =
    password === undefined
      ? ha1sIn(fields)
      : ha1sOfPassword(
          algorithm === undefined ? account.ha1s.map((each) => each.algorithm) : [algorithm],
          account.username,
          space.effectiveRealm,
          password,
        );
  if (password === undefined && given.length === 0) return false;
  // HA1s that are not in a row stay, unless the row names the only algorithm.
  const isWhole = password !== undefined || algorithm !== undefined;
  if (given.length !== account.ha1s.length) return isWhole || !isPartOf(given, account);
  return given.length === 0 || !isPartOf(given, account);
}

function isPartOf(given: readonly { algorithm: string; ha1: string }[], { ha1s }: Account): boolean {
  return given.every((one) => ha1s.some((other) => other.algorithm === one.algorithm && other.ha1 === one.ha1));
}

/** Returns what an update of the account is given for a row: no user name, and nothing that the account has already. */
export function changesOf(fields: CheckedFields, account: Account, space: Space): AccountChangesWithHa1s {
  const { username: _, ...changes } = accountOf(withoutSame(fields, account, space));
  return changes;
}

/** The same password again would end the account's phones. */
function withoutSame(fields: CheckedFields, account: Account, space: Space): CheckedFields {
  const same: (keyof CheckedFields)[] = textColumns.filter((column) => saysSame(column, fields[column], account));
  if (!changesPassword(fields, account, space)) same.push(...samePassword(fields, account));
  if (fields.activated === (account.activatedAt !== null)) same.push('activated');
  return { ...fields, ...Object.fromEntries(same.map((column) => [column, undefined])) };
}

/** Returns the columns that say what is stored. An algorithm alone does if it is the only one. */
function samePassword(fields: CheckedFields, { ha1s }: Account): (keyof CheckedFields)[] {
  const isOnly = ha1s.length === 1 && ha1s[0]?.algorithm === fields.algorithm;
  const isAlone = fields.password === undefined && ha1sIn(fields).length === 0;
  return ['password', 'ha1_md5', 'ha1_sha256', ...(isAlone && !isOnly ? [] : (['algorithm'] as const))];
}
