import type { Complaint } from '../errors/complaints.ts';
import type { Document, Entry } from './document.ts';

const pattern = /^[A-Za-z0-9_.:*-]{1,100}\/[A-Za-z0-9_.:/*-]{1,100}$/;

/** Returns a complaint about a `section/key` pattern, or undefined. The key may contain `/`, the section may not. */
export function checkSeededPattern(text: string): Complaint | undefined {
  return pattern.test(text) ? undefined : { code: 'not-a-seeded-pattern' };
}

/**
 * Returns the document with `overwrite` as a space sets it: `overwriteAll` for every entry except the *seeded* ones. A
 * phone uses a seeded value only if it has none yet, so that its user's later changes stay.
 */
export function applyOverwrite(
  document: Document,
  policy: { overwriteAll: boolean; seeded: readonly string[] },
): Document {
  const seeded = policy.seeded.map(piecesOf);
  const overwriteOf = (section: string, key: string) =>
    policy.overwriteAll && !seeded.some((each) => matches(each.section, section) && matches(each.key, key));
  const withOverwrite = (section: string, [name, entry]: [string, Entry]): [string, Entry] => {
    const overwrite = overwriteOf(section, name);
    return [name, entry.overwrite === overwrite ? entry : { ...entry, overwrite }];
  };
  return new Map(
    [...document].map(([name, section]) => [name, new Map([...section].map((pair) => withOverwrite(name, pair)))]),
  );
}

function piecesOf(text: string): { section: string[]; key: string[] } {
  const slash = text.indexOf('/');
  return { section: text.slice(0, slash).split('*'), key: text.slice(slash + 1).split('*') };
}

/**
 * Returns whether the text consists of the pieces in this order, with anything between them. It takes linear time,
 * unlike a regular expression with many `.*`.
 */
function matches(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length < 2) return text === first;
  let end = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, end);
    if (found === -1) return false;
    end = found + piece.length;
  }
  return text.startsWith(first) && text.endsWith(last) && end <= text.length - last.length;
}
