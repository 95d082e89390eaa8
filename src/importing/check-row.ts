import { type AccountChanges, accountChangesShape, checkAccountFields } from '../accounts/account-fields.ts';
import type { Complaint, FieldComplaints } from '../errors/complaints.ts';
import { complaintsOf } from '../errors.ts';
import { checkShape } from '../lib/check-shape.ts';
import { examplePhoneNumber, readPhoneNumber } from '../lib/phone-number.ts';
import type { Ha1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import { derivedUsername } from './derived-username.ts';
import { mistakesInExternal } from './external-cells.ts';
import type { CheckedFields } from './import.ts';
import { ha1Columns, hasOnlyHa1s, inOrder, type ReadRow, type RowComplaint, type RowFields } from './read-row.ts';

export interface CheckedRow {
  readonly fields: CheckedFields;
  readonly complaints: readonly RowComplaint[];
}

/** Checks the values of a row as those of an account. Returns all complaints, in the order of our columns. */
export async function checkRow({ fields, complaints, spelled }: ReadRow, space: Space): Promise<CheckedRow> {
  const found = new Map<string, RowComplaint>();
  for (const each of complaints) found.set(each.column, await withDialled(each, space));
  const complain = (column: RowComplaint['column'], complaint: Complaint): void => {
    if (!found.has(column)) found.set(column, { column, complaint });
  };
  const phone = await storedPhone(fields, space);
  const derivedFrom = fields.username === undefined ? derivedUsername(fields) : undefined;
  const named = fields.username ?? derivedFrom;
  const account = {
    ...accountOf(fields),
    ...(phone === undefined ? {} : { phone }),
    ...(named === undefined ? {} : { username: named }),
  };
  for (const [field, wrong] of Object.entries(await mistakesIn(account, space))) {
    for (const complaint of wrong.slice(0, 1)) complain(columnOf(field, complaint), complaint);
  }
  const contradicting = contradictingHa1(fields);
  if (contradicting !== undefined) complain('algorithm', contradicting);
  for (const [field, wrong] of Object.entries(await mistakesInExternal(fields))) {
    for (const complaint of wrong.slice(0, 1)) complain(`external_${field}` as RowComplaint['column'], complaint);
  }
  const checked = {
    ...fields,
    ...(phone === undefined ? {} : { phone }),
    username: fields.username,
    derivedFrom,
    spelled,
  } as CheckedFields;
  return { fields: checked, complaints: inOrder([...found.values()]) };
}

/**
 * Adds an example of how a number is dialled in the space's country to a complaint about a number that a spreadsheet
 * rounded.
 */
async function withDialled(row: RowComplaint, { phoneCountry }: Space): Promise<RowComplaint> {
  if (row.complaint.code !== 'rounded-by-spreadsheet') return row;
  const example = await examplePhoneNumber(phoneCountry ?? undefined);
  return example === undefined ? row : { ...row, complaint: { ...row.complaint, dialled: example.dialled } };
}

async function storedPhone({ phone }: RowFields, space: Space): Promise<string | undefined> {
  if (phone === undefined) return undefined;
  const read = await readPhoneNumber(phone, space.phoneCountry ?? undefined);
  return 'number' in read ? read.number : phone;
}

export type AccountChangesWithHa1s = AccountChanges & { readonly ha1s?: readonly Ha1[] };

/** Returns the fields of an account. If there is no password, they include the row's HA1s with their algorithms. */
export function accountOf(fields: RowFields): AccountChangesWithHa1s {
  const { username, name, email, phone, language, note, group, password, algorithm, admin, activated } = fields;
  const ha1s = ha1sIn(fields);
  const hasHa1s = hasOnlyHa1s(fields) && ha1s.length > 0;
  const given = {
    username,
    display_name: name,
    email,
    phone,
    language,
    note,
    group,
    password,
    algorithm: hasHa1s ? undefined : algorithm,
    admin,
    activated,
    ha1s: hasHa1s ? ha1s : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Returns the HA1s of a row. If the row names an algorithm, returns only that one's. */
export function ha1sIn(fields: RowFields): Ha1[] {
  return (['SHA-256', 'MD5'] as const).flatMap((algorithm) => {
    const ha1 = fields[ha1Columns[algorithm]];
    return ha1 === undefined || (fields.algorithm ?? algorithm) !== algorithm ? [] : [{ algorithm, ha1 }];
  });
}

/** Complains if a row names an algorithm but has only the HA1 of another one. */
function contradictingHa1({ password, ...fields }: RowFields): Complaint | undefined {
  const other = Object.values(ha1Columns).find((column) => fields[column] !== undefined);
  const fits = password !== undefined || fields.algorithm === undefined || ha1sIn(fields).length > 0;
  return other === undefined || fits ? undefined : { code: 'not-combinable', other };
}

async function mistakesIn(
  { ha1s, ...account }: AccountChanges & { readonly ha1s?: readonly Ha1[] },
  space: Space,
): Promise<FieldComplaints> {
  const shape = checkShape(accountChangesShape, account) ?? {};
  const sound = Object.fromEntries(Object.entries(account).filter(([name]) => !Object.hasOwn(shape, name)));
  const rules = await complaintsOf(() =>
    checkAccountFields({ ...sound, ...(ha1s === undefined ? {} : { ha1s }) }, space),
  );
  return { ...rules, ...shape };
}

/** Returns our column for a field of an account, because some names differ. */
function columnOf(field: string, complaint: Complaint): RowComplaint['column'] {
  if (field === 'display_name') return 'name';
  if (field === 'ha1') return 'digits' in complaint && complaint.digits === 32 ? 'ha1_md5' : 'ha1_sha256';
  return field as RowComplaint['column'];
}
