import type { Complaint } from '../errors/complaints.ts';
import { withoutInvisibles } from '../lib/clean-text.ts';

/** Returns the mail address in a cell. If an address book joined several values, returns the first. */
export function mailIn(cell: string): string {
  const [first = ''] = cell.split(' ::: ');
  const address = withoutInvisibles(first).replace(/^mailto:/i, '');
  // Exchange has this instead of an address for internal use.
  return address.startsWith('/o=') ? '' : address;
}

/** Returns a complaint about a common mistake in mail addresses, beyond what is checked for every address. */
export function mailComplaint(address: string): Complaint | undefined {
  const ats = address.split('@').length - 1;
  if (/[;,]/.test(address) && ats > 1) return { code: 'several-addresses', value: address };
  if (!address.includes(',')) return undefined;
  const meant = address.replaceAll(',', '.');
  const isAddress = ats === 1 && /^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$/.test(meant);
  return { code: 'comma-in-address', value: address, ...(isAddress ? { meant } : {}) };
}
