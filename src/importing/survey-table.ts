import { withoutInvisibles } from '../lib/clean-text.ts';
import { type AssignedColumns, firstOfficeName, kindOfName, rankOfName } from './column-names.ts';
import { headerName } from './header-cell.ts';
import { plainUsername } from './username-cell.ts';

/** Facts about a table that only all rows together show. */
export interface Survey {
  /**
   * Facts about each column. `filled`: whether any row has a value in it. The next two: whether all its values are 2 to
   * 7 digits, and whether all are words in ASCII.
   */
  readonly filled: readonly boolean[];
  readonly shortNumbers: readonly boolean[];
  readonly plainWords: readonly boolean[];
  /** How many empty cells each row has beyond the header; undefined if the number differs or the cells have values. */
  readonly emptySurplus: number | undefined;
  /** Pairs of columns, as `user:auth`, whose values differ in some row. */
  readonly otherAuthNames: ReadonlySet<string>;
  /** Office numbers, as digits, that several rows share, because they are the number of the switchboard. */
  readonly sharedNumbers: ReadonlySet<string>;
  /** All user names. No derived name may be one of them. */
  readonly usernames: ReadonlySet<string>;
  readonly rows: number;
}

export class Surveyor {
  readonly #header: readonly string[];
  readonly #filled: boolean[];
  readonly #short: boolean[];
  readonly #plain: boolean[];
  readonly #users: readonly number[];
  readonly #auths: readonly number[];
  readonly #offices: readonly number[];
  readonly #otherAuthNames = new Set<string>();
  readonly #numbers = new Set<string>();
  readonly #shared = new Set<string>();
  readonly #usernames = new Set<string>();
  #widths = { min: Number.POSITIVE_INFINITY, max: 0 };
  #surplusHasValues = false;
  #rows = 0;

  constructor(header: readonly string[], assigned: AssignedColumns = {}) {
    const names = header.map(headerName);
    const indexesOf = (fits: (name: string) => boolean) => names.flatMap((name, index) => (fits(name) ? [index] : []));
    this.#header = header;
    this.#filled = header.map(() => false);
    this.#short = header.map(() => true);
    this.#plain = header.map(() => true);
    const said = header.flatMap((_, index) => (assigned[index] === 'username' ? [index] : []));
    this.#users = [...said, ...indexesOf((name) => kindOfName(name) === 'username')];
    this.#auths = indexesOf((name) => kindOfName(name) === 'auth_name');
    this.#offices = indexesOf((name) => isOfficeName(name));
  }

  add(cells: readonly string[]): void {
    this.#rows += 1;
    this.#widths = { min: Math.min(this.#widths.min, cells.length), max: Math.max(this.#widths.max, cells.length) };
    for (const [index, cell] of cells.entries()) {
      const value = withoutInvisibles(cell);
      if (value === '') continue;
      if (index >= this.#header.length) this.#surplusHasValues = true;
      this.#filled[index] = true;
      if (!/^\d{2,7}$/.test(value)) this.#short[index] = false;
      if (!/^[!-~]+$/.test(value)) this.#plain[index] = false;
    }
    for (const user of this.#users) this.#usernames.add(plainUsername(cells[user] ?? ''));
    this.#compareNames(cells);
    this.#countNumbers(cells);
  }

  #compareNames(cells: readonly string[]): void {
    for (const auth of this.#auths) {
      const name = plainUsername(cells[auth] ?? '');
      if (name === '') continue;
      for (const user of this.#users) {
        if (plainUsername(cells[user] ?? '') !== name) this.#otherAuthNames.add(`${user}:${auth}`);
      }
    }
  }

  #countNumbers(cells: readonly string[]): void {
    const own = new Set(this.#offices.map((index) => digitsOf(cells[index] ?? '')));
    for (const number of own) {
      if (number === '') continue;
      if (this.#numbers.has(number)) this.#shared.add(number);
      this.#numbers.add(number);
    }
  }

  get survey(): Survey {
    const { min, max } = this.#widths;
    const isSame = min === max && max > this.#header.length && !this.#surplusHasValues;
    return {
      filled: this.#filled,
      shortNumbers: this.#short.map((isShort, index) => isShort && this.#filled[index] === true),
      plainWords: this.#plain,
      emptySurplus: isSame ? max - this.#header.length : undefined,
      otherAuthNames: this.#otherAuthNames,
      sharedNumbers: this.#shared,
      usernames: this.#usernames,
      rows: this.#rows,
    };
  }
}

const firstOfficeRank = rankOfName('phone', firstOfficeName);

/** Returns whether the numbers in a column may belong to a switchboard. */
export function isOfficeName(name: string): boolean {
  if (kindOfName(name) !== 'phone') return false;
  return /^phone\d+value$/.test(name) || rankOfName('phone', name) >= firstOfficeRank;
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
