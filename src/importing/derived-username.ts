import { setImmediate as nextTurn } from 'node:timers/promises';
import { folded } from '../lib/clean-text.ts';
import type { RowFields } from './read-row.ts';

const maxLength = 60;
const namesEachTurn = 200;

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

/**
 * Returns the first of name, name2, name3 … that is free. All rows of a table may derive the same name, so the search
 * begins where it ended before, which `reached` keeps for each name.
 */
export async function freeUsername(
  name: string,
  isTaken: (name: string) => Promise<boolean>,
  reached: Map<string, number>,
): Promise<string> {
  for (let count = reached.get(name) ?? 1; ; count += 1) {
    reached.set(name, count);
    const candidate = count === 1 ? name : `${name}${count}`;
    if (!(await isTaken(candidate))) return candidate;
    // SQLite answers synchronously, so phones would have to wait for all names that a space has.
    if (count % namesEachTurn === 0) await nextTurn();
  }
}
