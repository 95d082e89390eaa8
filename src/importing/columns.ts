import { AppError } from '../errors.ts';
import { withoutEnds } from '../lib/clean-text.ts';
import {
  type AssignedColumns,
  type ColumnKind,
  firstMobileName,
  firstOfficeName,
  kindOfName,
  looseExtensions,
  looseUsers,
  rankOfName,
} from './column-names.ts';
import { headerName } from './header-cell.ts';
import type { Survey } from './survey-table.ts';

export interface PhoneColumn {
  readonly index: number;
  /** Lower is better: 1 is our own `phone`, 2 mobile numbers, 3 office numbers. */
  readonly group: 1 | 2 | 3;
  /** The column that says what kind of number this is. */
  readonly label: number | undefined;
}

/** What the columns of a file mean. */
export interface Columns {
  /** The columns of each kind, the best first. */
  readonly of: ReadonlyMap<ColumnKind, readonly number[]>;
  readonly phones: readonly PhoneColumn[];
  /** The names of unused columns, as they are in the file. */
  readonly ignored: readonly string[];
  readonly width: number;
  /** The meaning of each column, by its position. */
  readonly kinds: readonly (ColumnKind | undefined)[];
}

/** Decides what each column means. Throws `import-refused` if two columns have the same meaning. */
export function columnsOf(header: readonly string[], survey: Survey, assigned: AssignedColumns = {}): Columns {
  const names = header.map(headerName);
  const kinds = kindsOf(names, survey, assigned);
  const guessed = kinds.map((kind, index) => (assigned[index] === undefined ? kind : undefined));
  requireOnce(header, names, guessed, survey);
  const of = new Map<ColumnKind, number[]>();
  for (const [index, kind] of kinds.entries()) {
    if (kind !== undefined && kind !== 'phone') of.set(kind, [...(of.get(kind) ?? []), index]);
  }
  for (const [kind, indexes] of of) of.set(kind, best(kind, indexes, { names, survey, assigned }));
  dropForeignPasswords(of, kinds, survey);
  return {
    of,
    phones: phonesOf(names, kinds, assigned),
    ignored: header.flatMap((cell, index) => ignoredName(cell, index, kinds[index], survey)),
    width: header.length,
    kinds,
  };
}

/** Looks at all columns, because the meaning of some names depends on the others. */
function kindsOf(names: readonly string[], survey: Survey, assigned: AssignedColumns): (ColumnKind | undefined)[] {
  const said = (index: number, kind: ColumnKind | undefined) => {
    const each = assigned[index];
    return each === undefined ? kind : each === 'none' ? undefined : each;
  };
  const has = (kind: ColumnKind) =>
    names.some((name, index) => {
      const isFirst = kind === 'first_name' && isFirstNameBeside(names, name);
      return said(index, isFirst ? kind : kindOfName(name)) === kind;
    });
  const [hasFirst, hasLast] = [has('first_name'), has('last_name')];
  const guessed = (name: string, index: number): ColumnKind | undefined => {
    switch (name) {
      case 'number':
        return survey.shortNumbers[index] ? 'username' : 'phone';
      case 'officenumber':
        return names.includes('officephone') ? undefined : 'phone';
      case 'nombre':
        return isFirstNameBeside(names, name) ? 'first_name' : fullName(hasFirst, hasLast);
      case 'nom':
        return hasFirst && !hasLast ? 'last_name' : fullName(hasFirst, hasLast);
      case 'name':
        return hasFirst && !hasLast ? 'last_name' : 'name';
      default:
        if (looseExtensions.has(name) && !survey.shortNumbers[index]) return undefined;
        if (looseUsers.has(name) && !survey.plainWords[index]) return fullName(hasFirst, hasLast);
        return kindOfName(name);
    }
  };
  return names.map((name, index) => said(index, guessed(name, index)));
}

function isFirstNameBeside(names: readonly string[], name: string): boolean {
  return name === 'nombre' && names.includes('apellidos');
}

/** Returns the kind of a column for the full name. It is not needed beside columns for first or last names. */
function fullName(hasFirst: boolean, hasLast: boolean): ColumnKind {
  return hasFirst || hasLast ? 'unneeded' : 'name';
}

/** Returns whether columns have the same name, so that `columnsOf` refuses them if they have values. */
export function hasSameNames(header: readonly string[]): boolean {
  const names = header.map(headerName).filter((name) => name !== '');
  return new Set(names).size < names.length;
}

function requireOnce(
  header: readonly string[],
  names: readonly string[],
  kinds: readonly (ColumnKind | undefined)[],
  { filled }: Survey,
): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (kinds[index] === undefined || filled[index] !== true) continue;
    if (seen.has(name)) throw new AppError('import-refused', { why: 'column-twice', column: header[index] ?? name });
    seen.add(name);
  }
}

interface Known {
  readonly names: readonly string[];
  readonly survey: Survey;
  readonly assigned: AssignedColumns;
}

/** Sorts columns with values first, so that a column that is empty in the whole file does not replace another. */
function best(kind: ColumnKind, indexes: readonly number[], { names, survey: { filled }, assigned }: Known): number[] {
  const rank = (index: number) => (assigned[index] === kind ? -1 : rankOfName(kind, names[index] ?? ''));
  return indexes.toSorted(
    (one, other) => Number(filled[other]) - Number(filled[one]) || rank(one) - rank(other) || one - other,
  );
}

/** Drops passwords that belong to another user name, because they do not work for the account. */
function dropForeignPasswords(
  of: Map<ColumnKind, number[]>,
  kinds: (ColumnKind | undefined)[],
  { filled, otherAuthNames }: Survey,
): void {
  const [user] = of.get('username') ?? [];
  const auths = of.get('auth_name') ?? [];
  const differs = (auth: number) =>
    user === undefined ? filled[auth] === true : otherAuthNames.has(`${user}:${auth}`);
  if (!auths.some(differs)) return;
  for (const index of [...auths, ...(of.get('password') ?? []).slice(0, 1)]) kinds[index] = undefined;
  of.delete('auth_name');
  of.delete('password');
}

function phonesOf(
  names: readonly string[],
  kinds: readonly (ColumnKind | undefined)[],
  assigned: AssignedColumns,
): PhoneColumn[] {
  const phones = names.flatMap((name, index) => {
    if (kinds[index] !== 'phone') return [];
    const [, count] = /^phone(\d+)value$/.exec(name) ?? [];
    const labels = [`phone${count}label`, `phone${count}type`];
    const label = count === undefined ? -1 : names.findIndex((each) => labels.includes(each));
    return [{ index, group: assigned[index] === 'phone' ? 1 : groupOf(name), label: label === -1 ? undefined : label }];
  });
  const rank = (index: number) => rankOfName('phone', names[index] ?? '');
  return phones.toSorted(
    (one, other) => one.group - other.group || rank(one.index) - rank(other.index) || one.index - other.index,
  );
}

const mobileRank = rankOfName('phone', firstMobileName);
const officeRank = rankOfName('phone', firstOfficeName);

function groupOf(name: string): PhoneColumn['group'] {
  if (name === 'number') return 1;
  const rank = rankOfName('phone', name);
  if (rank < mobileRank) return 1;
  return rank < officeRank ? 2 : 3;
}

/** Returns what to call an unused column: its name or, without a name, its position. */
function ignoredName(cell: string, index: number, kind: ColumnKind | undefined, { filled }: Survey): string[] {
  if (kind !== undefined) return [];
  const name = withoutEnds(cell);
  if (name !== '') return [name];
  return filled[index] === true ? [`#${index + 1}`] : [];
}
