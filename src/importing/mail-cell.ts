import type { Complaint } from '../errors/complaints.ts';
import { withoutInvisibles } from '../lib/clean-text.ts';

/** Returns the mail address in a cell. Of several values that an address book joined, the first counts. */
export function mailIn(cell: string): string {
  const [first = ''] = cell.split(' ::: ');
  const address = withoutInvisibles(first).replace(/^mailto:/i, '');
  // What Exchange uses instead of an address, inside.
  return address.startsWith('/o=') ? '' : address;
}

/** Returns what people get wrong in mail addresses, beside what every address is checked for. */
export function mailComplaint(address: string): Complaint | undefined {
  const ats = address.split('@').length - 1;
  if (/[;,]/.test(address) && ats > 1) return { code: 'several-addresses', value: address };
  if (!address.includes(',')) return undefined;
  const meant = address.replaceAll(',', '.');
  const isAddress = ats === 1 && /^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$/.test(meant);
  return { code: 'comma-in-address', value: address, ...(isAddress ? { meant } : {}) };
}
