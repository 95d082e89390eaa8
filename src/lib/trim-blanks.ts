import type { Complaint } from '../errors/complaints.ts';

/** Removes spaces at both ends: Linphone drops those at the end of a value when it starts again. */
export function trimBlanks(text: string): string {
  return text.replace(/^ +/, '').replace(/(?<! ) +$/, '');
}

/** Returns what is wrong with a value that cannot have spaces at its ends. */
export function checkEnds(value: string): Complaint | undefined {
  return /^ | $/.test(value) ? { code: 'space-at-an-end' } : undefined;
}
