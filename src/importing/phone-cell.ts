import type { Complaint } from '../errors/complaints.ts';
import { withoutInvisibles } from '../lib/clean-text.ts';
import { withoutApostrophe } from '../lib/write-csv.ts';
import type { Columns } from './columns.ts';
import type { Survey } from './survey-table.ts';
import { digitsOf } from './survey-table.ts';
import { isAbsent } from './username-cell.ts';

const mobileLabel = /mobil|cell|handy|portable|movil/i;
const otherLabel = /fax|pager|home|domicile|privat|car\b|other|autre|assistant|main|recovery|caller/i;

/** Returns the phone number of a row: from our own column, else a mobile number, else an office number. */
export function phoneIn(cells: readonly string[], { phones }: Columns, { sharedNumbers }: Survey): string {
  const found = phones.flatMap(({ index, group, label }) => {
    const number = numberIn(cells[index] ?? '');
    const said = label === undefined ? '' : (cells[label] ?? '').normalize('NFD').replace(/\p{M}/gu, '');
    if (number === '') return [];
    if (mobileLabel.test(said)) return [{ number, group: 2 }];
    if (otherLabel.test(said)) return [];
    return group === 3 && sharedNumbers.has(digitsOf(number)) ? [] : [{ number, group }];
  });
  return found.toSorted((one, other) => one.group - other.group)[0]?.number ?? '';
}

function numberIn(cell: string): string {
  const [first = ''] = cell.split(' ::: ');
  const number = withoutInvisibles(withoutApostrophe(withoutInvisibles(first))).replace(/^tel:/i, '');
  return isAbsent(number) ? '' : number;
}

/** Complains about numbers that a spreadsheet rounded, and about extensions. */
export function phoneComplaint(number: string): Complaint | undefined {
  if (/^[+-]?\d+(?:[.,]\d+)?E\+?\d+$/i.test(number)) return { code: 'rounded-by-spreadsheet', value: number };
  if (/(?:x|ext\.?|poste|durchwahl|#)\s*\d+$/i.test(number)) return { code: 'with-extension', value: number };
  if (/^\d{1,5}$/.test(number)) return { code: 'an-extension', value: number };
  return undefined;
}
