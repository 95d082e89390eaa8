import type { Complaint } from '../errors/complaints.ts';
import { matchesPattern } from '../lib/match-pattern.ts';

/**
 * Returns what keeps phones with this user name from registering: Kamailio 5.6 answers 403 to
 * characters outside ASCII, and reads only what comes before a semicolon.
 */
export function whyUnregistrable(username: string): Complaint | undefined {
  if (/[^\x00-\x7f]/.test(username)) return { code: 'beyond-ascii' };
  if (username.includes(';')) return { code: 'semicolon' };
  return undefined;
}

const samples = ['é', 'zoé', 'ünal', '漢字', ';', 'a;b', '1;2', 'alice;x'];

/** Whether a `username_pattern` allows user names that are refused because of `whyUnregistrable`. */
export function allowsUnregistrable(pattern: string): boolean {
  return samples.some((sample) => matchesPattern(pattern, sample) === true);
}
