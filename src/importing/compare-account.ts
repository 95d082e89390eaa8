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

/** The columns whose text is stored unchanged: the property of the account, and how an import reads a cell. */
const texts = {
  name: { of: 'displayName', read: nameIn },
  // In the form that must be unique among accounts.
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
 * Returns whether a text equals what the account has. An export writes `Weber, Max` as it is stored, and the import
 * reads it as Max Weber. That is no change.
 */
export function saysSame(column: TextColumn, text: string | undefined, account: Account): boolean {
  const { of, read } = texts[column];
  const stored = account[of];
  if (text === undefined || stored === null) return false;
  return text === stored || read(text) === read(withoutEnds(stored));
}

/** Returns the columns in which a row differs from the account. An empty cell changes nothing. */
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

/** Returns whether a row changes the password. The stored HA1s show whether a password is the same. */
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
  // HA1s that are not in a row are kept, unless the row has a password or names the only algorithm.
  const isWhole = password !== undefined || algorithm !== undefined;
  if (given.length !== account.ha1s.length) return isWhole || !isPartOf(given, account);
  return given.length === 0 || !isPartOf(given, account);
}

function isPartOf(given: readonly { algorithm: string; ha1: string }[], { ha1s }: Account): boolean {
  return given.every((one) => ha1s.some((other) => other.algorithm === one.algorithm && other.ha1 === one.ha1));
}

/**
 * Returns the changes that a row makes to an account, without the user name and without values that the account has
 * already.
 */
export function changesOf(fields: CheckedFields, account: Account, space: Space): AccountChangesWithHa1s {
  const { username: _, ...changes } = accountOf(withoutSame(fields, account, space));
  return changes;
}

/**
 * Leaves out values that the account has already: setting the same password again would disconnect the account's
 * phones.
 */
function withoutSame(fields: CheckedFields, account: Account, space: Space): CheckedFields {
  const same: (keyof CheckedFields)[] = textColumns.filter((column) => saysSame(column, fields[column], account));
  if (!changesPassword(fields, account, space)) same.push(...samePassword(fields, account));
  if (fields.activated === (account.activatedAt !== null)) same.push('activated');
  return { ...fields, ...Object.fromEntries(same.map((column) => [column, undefined])) };
}

/**
 * Returns the columns to leave out because the password is the same. An algorithm without a password is left out only
 * if it is the account's only one.
 */
function samePassword(fields: CheckedFields, { ha1s }: Account): (keyof CheckedFields)[] {
  const isOnly = ha1s.length === 1 && ha1s[0]?.algorithm === fields.algorithm;
  const isAlone = fields.password === undefined && ha1sIn(fields).length === 0;
  return ['password', 'ha1_md5', 'ha1_sha256', ...(isAlone && !isOnly ? [] : (['algorithm'] as const))];
}
