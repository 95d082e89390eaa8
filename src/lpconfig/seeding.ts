import type { Complaint } from '../errors/complaints.ts';
import { onceFor } from '../lib/once-for.ts';
import type { Document, Entry, Section } from './document.ts';

const pattern = /^[A-Za-z0-9_.:*-]{1,100}\/[A-Za-z0-9_.:/*-]{1,100}$/;

/** Each of these patterns may be compared with each entry. Patterns without `*` are looked up. */
const maxStarPatterns = 100;

/** Returns a complaint about the patterns of a space as a whole, or undefined. */
export function checkSeededPatterns(texts: readonly string[]): Complaint | undefined {
  const count = texts.filter((text) => text.includes('*')).length;
  return count > maxStarPatterns ? { code: 'too-many-star-patterns', max: maxStarPatterns } : undefined;
}

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
  { overwriteAll, seeded }: { overwriteAll: boolean; seeded: readonly string[] },
): Document {
  return new Map(
    [...document].map(([name, section]) => {
      const isSeeded = overwriteAll ? seededIn(name, patternsOf(seeded)) : () => true;
      return [name, withOverwrite(section, (key) => !isSeeded(key))];
    }),
  );
}

function withOverwrite(section: Section, overwriteOf: (key: string) => boolean): Section {
  const changed = new Map<string, Entry>();
  for (const [key, entry] of section) {
    const overwrite = overwriteOf(key);
    changed.set(key, entry.overwrite === overwrite ? entry : { ...entry, overwrite });
  }
  return changed;
}

/** A text with `*` as the pieces between the stars. A text without `*` is one piece. */
type Pieces = readonly string[];

interface Patterns {
  /** The keys of patterns without `*`, by section. */
  readonly exact: ReadonlyMap<string, ReadonlySet<string>>;
  readonly withStar: readonly { readonly section: Pieces; readonly key: Pieces }[];
}

const patternsOf = onceFor((seeded: readonly string[]): Patterns => {
  const exact = new Map<string, Set<string>>();
  const withStar: { section: Pieces; key: Pieces }[] = [];
  for (const text of seeded) {
    const slash = text.indexOf('/');
    const [section, key] = [text.slice(0, slash), text.slice(slash + 1)];
    if (text.includes('*')) withStar.push({ section: section.split('*'), key: key.split('*') });
    else exact.set(section, (exact.get(section) ?? new Set()).add(key));
  }
  return { exact, withStar };
});

/** Returns whether a key of the section is seeded. */
function seededIn(section: string, { exact, withStar }: Patterns): (key: string) => boolean {
  const keys = exact.get(section);
  const keyPatterns = withStar.filter((each) => matches(each.section, section)).map(({ key }) => key);
  return (key) => (keys?.has(key) ?? false) || keyPatterns.some((pieces) => matches(pieces, key));
}

/**
 * Returns whether the text consists of the pieces in this order, with anything between them. It takes linear time,
 * unlike a regular expression with many `.*`, and allocates nothing, because it is called for many texts.
 */
function matches(pieces: Pieces, text: string): boolean {
  const first = pieces[0] ?? '';
  if (pieces.length < 2) return text === first;
  const last = pieces.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let end = first.length;
  for (let at = 1; at < pieces.length - 1; at += 1) {
    const piece = pieces[at] ?? '';
    const found = text.indexOf(piece, end);
    if (found === -1) return false;
    end = found + piece.length;
  }
  return end <= text.length - last.length;
}
