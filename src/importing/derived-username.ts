import { folded } from '../lib/clean-text.ts';
import type { RowFields } from './read-row.ts';

const maxLength = 60;

/**
 * Returns the user name that a new account gets from its mail address or name: `chloe.besancon`. Returns undefined if
 * neither has a letter that is allowed in user names.
 */
export function derivedUsername({ email, name }: RowFields): string | undefined {
  const [local = ''] = (email ?? '').split('@');
  for (const text of [local, name ?? '']) {
    const plain = folded(text)
      .replace(/['’]/g, '')
      .replace(/[^a-z0-9+_.-]+/g, '.')
      .replace(/\.{2,}/g, '.')
      .replace(/^[.+_-]+|(?<![.+_-])[.+_-]+$/g, '')
      .slice(0, maxLength);
    if (plain !== '') return plain;
  }
  return undefined;
}

/** Returns the first of name, name2, name3 … that is free. */
export async function freeUsername(name: string, isTaken: (name: string) => Promise<boolean>): Promise<string> {
  let candidate = name;
  for (let count = 2; await isTaken(candidate); count += 1) candidate = `${name}${count}`;
  return candidate;
}
