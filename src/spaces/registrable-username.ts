import { matchesPattern } from '../lib/match-pattern.ts';

/**
 * Returns what keeps phones with this user name from registering, as the rest of a sentence: Kamailio 5.6 answers 403 to
 * characters outside ASCII, and reads only what comes before a semicolon.
 */
export function whyUnregistrable(username: string): string | undefined {
  if (/[^\x00-\x7f]/.test(username)) return `must contain only ASCII characters: ${because}`;
  if (username.includes(';')) return `must not contain a semicolon: ${because}`;
  return undefined;
}

const because = 'SIP servers such as Kamailio refuse to register others';

const samples = ['é', 'zoé', 'ünal', '漢字', ';', 'a;b', '1;2', 'alice;x'];

/** Whether a `username_pattern` allows user names that are refused because of `whyUnregistrable`. */
export function allowsUnregistrable(pattern: string): boolean {
  return samples.some((sample) => matchesPattern(pattern, sample) === true);
}
