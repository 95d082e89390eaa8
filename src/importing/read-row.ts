import type { Complaint } from '../errors/complaints.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { type Algorithm, computeHa1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import { type ColumnKind, type ImportColumn, importColumns } from './column-names.ts';
import type { Columns } from './columns.ts';
import { mailComplaint, mailIn } from './mail-cell.ts';
import { nameComplaint, nameIn } from './name-cell.ts';
import { maxCellLength } from './open-table.ts';
import { phoneComplaint, phoneIn } from './phone-cell.ts';
import { secretOf, spelledUsername, textOf, wordOf } from './row-cells.ts';
import type { Survey } from './survey-table.ts';
import { spelledName } from './username-cell.ts';
import { yesOrNo } from './yes-or-no.ts';

/** The values of a row by our column names. Empty cells are left out. */
export type RowFields = {
  readonly [Column in Exclude<ImportColumn, 'first_name' | 'last_name' | 'admin' | 'activated'>]?: string | undefined;
} & { readonly admin?: boolean | undefined; readonly activated?: boolean | undefined };

/** A complaint about a column of a row; an empty column name means the row itself. */
export interface RowComplaint {
  readonly column: ImportColumn | 'domain' | '';
  readonly complaint: Complaint;
}

export interface ReadRow {
  readonly fields: RowFields;
  readonly complaints: readonly RowComplaint[];
  /** The user name as it is in the file. It may be that of an account with capital letters. */
  readonly spelled: string;
}

export interface RowContext {
  readonly columns: Columns;
  readonly survey: Survey;
  readonly space: Pick<Space, 'domain' | 'effectiveRealm'>;
}

/** Returns the values in a row, and the complaints about their form. */
export function readRow(given: readonly string[], context: RowContext): ReadRow {
  const { columns, survey } = context;
  const surplus = given.length - columns.width;
  if (surplus > 0 && surplus !== survey.emptySurplus) {
    const complaint = { code: 'more-cells', cells: given.length, columns: columns.width } as const;
    return { fields: {}, complaints: [{ column: '', complaint }], spelled: '' };
  }
  const cells = given.map((cell) => (cell.length > maxCellLength ? '' : cell));
  const complaints: RowComplaint[] = [];
  const complain = (column: RowComplaint['column'], complaint: Complaint | undefined): void => {
    if (complaint !== undefined) complaints.push({ column, complaint });
  };
  const name = nameOf(cells, columns);
  const email = mailOf(cells, columns);
  const phone = phoneIn(cells, columns, survey);
  complain('name', nameComplaint(name));
  complain('email', mailComplaint(email));
  complain('phone', phoneComplaint(phone));
  const domain = wordOf(cells, columns, 'domain').toLowerCase();
  if (domain !== '' && domain !== context.space.domain) {
    complain('domain', { code: 'other-domain', domain: context.space.domain, value: domain });
  }
  const credentials = credentialsOf(cells, columns, complain);
  const exact = spelledName(textOf(cells, columns, 'username'));
  complain(...wrongHa1(credentials, [exact.toLowerCase(), exact], context.space.effectiveRealm));
  const fields = {
    username: hasOnlyHa1s(credentials) ? exact : exact.toLowerCase(),
    name,
    email,
    phone,
    language: languageOf(cells, columns),
    note: textOf(cells, columns, 'note'),
    group: textOf(cells, columns, 'group'),
    ...credentials,
    algorithm: algorithmOf(cells, columns),
    admin: flagOf(cells, columns, 'admin', complain),
    activated: flagOf(cells, columns, 'activated', complain),
    external_username: wordOf(cells, columns, 'external_username'),
    external_domain: lowerCaseAscii(wordOf(cells, columns, 'external_domain')),
    external_password: secretOf(cells, columns, 'external_password'),
    external_registrar: wordOf(cells, columns, 'external_registrar'),
  };
  for (const [index, cell] of given.entries()) {
    if (cell.length > maxCellLength) complain(columnAt(index, columns), { code: 'too-long', max: maxCellLength });
  }
  return { fields: withoutEmpty(fields), complaints: inOrder(complaints), spelled: spelledUsername(cells, columns) };
}

function columnAt(index: number, { of, phones }: Columns): RowComplaint['column'] {
  if (phones.some((phone) => phone.index === index)) return 'phone';
  const kinds = [...of].flatMap(([kind, indexes]) => (indexes.includes(index) ? [kind] : []));
  const named = (kind: ColumnKind) => (kind === 'ha1' ? 'ha1_md5' : importColumns.find((column) => column === kind));
  return kinds.map(named).find((column) => column !== undefined) ?? '';
}

type Complain = (column: RowComplaint['column'], complaint: Complaint | undefined) => void;

function withoutEmpty(fields: Readonly<Record<string, string | boolean | undefined>>): RowFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined));
}

/** Returns complaints in the order of our columns. */
export function inOrder(complaints: readonly RowComplaint[]): RowComplaint[] {
  const place = ({ column }: RowComplaint) => (importColumns as readonly string[]).indexOf(column);
  return complaints.toSorted((one, other) => place(one) - place(other));
}

/** Returns the name. A column for the full name takes precedence over first and last names. */
function nameOf(cells: readonly string[], columns: Columns): string {
  const whole = nameIn(textOf(cells, columns, 'name'));
  if (whole !== '') return whole;
  return nameIn(`${textOf(cells, columns, 'first_name')} ${textOf(cells, columns, 'last_name')}`.replaceAll(',', ' '));
}

/** Returns the mail address. If the table has no column for it, a user name that is an address counts. */
function mailOf(cells: readonly string[], columns: Columns): string {
  for (const index of columns.of.get('email') ?? []) {
    const address = mailIn(textOf(cells, { ...columns, of: new Map([['email', [index]]]) }, 'email'));
    if (address !== '') return address;
  }
  if (columns.of.has('email')) return '';
  const name = wordOf(cells, columns, 'username');
  return name.includes('@') && !/#ext#/i.test(name) ? name : '';
}

/** Returns the language, which is `fr` for `fr_FR`. */
function languageOf(cells: readonly string[], columns: Columns): string {
  const [language = ''] = wordOf(cells, columns, 'language').toLowerCase().split(/[-_.]/);
  return language;
}

function algorithmOf(cells: readonly string[], columns: Columns): string {
  const algorithm = wordOf(cells, columns, 'algorithm').toUpperCase();
  return algorithm === 'SHA256' ? 'SHA-256' : algorithm;
}

/** Returns password and HA1s. Kamailio's column `ha1` contains HA1s of either algorithm, which differ in length. */
function credentialsOf(cells: readonly string[], columns: Columns, complain: Complain) {
  if (wordOf(cells, columns, 'password_hash') !== '') {
    complain('password', { code: 'hash-of-another-service' });
    return {};
  }
  const ha1 = secretOf(cells, columns, 'ha1').toLowerCase();
  const either = ha1 === '' ? {} : ha1.length === 64 ? { ha1_sha256: ha1 } : { ha1_md5: ha1 };
  return {
    password: secretOf(cells, columns, 'password'),
    ...either,
    ...ownHa1(cells, columns, 'ha1_md5'),
    ...ownHa1(cells, columns, 'ha1_sha256'),
  };
}

function ownHa1(cells: readonly string[], columns: Columns, column: 'ha1_md5' | 'ha1_sha256') {
  const ha1 = secretOf(cells, columns, column).toLowerCase();
  return ha1 === '' ? {} : { [column]: ha1 };
}

export const ha1Columns = { MD5: 'ha1_md5', 'SHA-256': 'ha1_sha256' } as const satisfies Record<
  Algorithm,
  ImportColumn
>;

/** Returns whether a row has HA1s but no password. They were made for the user name exactly as it is in the file. */
export function hasOnlyHa1s({ password = '', ha1_md5, ha1_sha256 }: Partial<RowFields>): boolean {
  return password === '' && (ha1_md5 ?? ha1_sha256) !== undefined;
}

/** Complains if a password and an HA1 in the same row do not match. */
function wrongHa1(
  { password, ...ha1s }: { readonly password?: string; readonly ha1_md5?: string; readonly ha1_sha256?: string },
  usernames: readonly string[],
  realm: string,
): Parameters<Complain> {
  if (password === undefined || password === '') return ['', undefined];
  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    const column = ha1Columns[algorithm];
    const ha1 = ha1s[column];
    const fits = (name: string) => ha1 === computeHa1(algorithm, name, realm, password);
    if (ha1 !== undefined && !usernames.some(fits)) {
      return [column, { code: 'of-another-password' }];
    }
  }
  return ['', undefined];
}

function flagOf(cells: readonly string[], columns: Columns, column: 'admin' | 'activated', complain: Complain) {
  const text = wordOf(cells, columns, column);
  if (text === '') return undefined;
  const flag = yesOrNo(text);
  if (flag === undefined) complain(column, { code: 'not-yes-or-no', value: text });
  return flag;
}
