import { foldText } from '../lib/fold-text.ts';

/** Shorter searches find only words that begin with them. */
export const shortestPart = 3;

interface SearchedFields {
  readonly display_name: string | null;
  readonly username: string;
  readonly email: string | null;
  readonly phone: string | null;
}

/** Returns the text that searches look at: each field, folded, after a line break. */
export function searchText({ display_name, username, email, phone }: SearchedFields): string {
  return `\n${[display_name, username, email, phone].flatMap((each) => (each === null ? [] : [foldText(each)])).join('\n')}`;
}

/**
 * Returns the keys of a text in the index of a space: every three characters in a row, and the first one and two
 * characters of every word. The space is part of each key.
 */
export function tokensOf(spaceId: number, text: string): string[] {
  const tokens = new Set<string>();
  for (const field of text.split('\n')) {
    for (const part of partsOf(field)) tokens.add(partToken(spaceId, part));
    for (const word of field.split(' ')) {
      const [first, second] = word;
      if (first !== undefined) tokens.add(beginningToken(spaceId, first));
      if (first !== undefined && second !== undefined) tokens.add(beginningToken(spaceId, `${first}${second}`));
    }
  }
  return [...tokens];
}

export interface Search {
  /** The keys in the index that all results have; none if the index does not serve the search. */
  readonly tokens: readonly string[];
  /**
   * Patterns for LIKE, with `\` as the escape character. The text of every result matches at least one. Without any,
   * there are no results.
   */
  readonly patterns: readonly string[];
}

/**
 * Returns how to search a space for what a person typed, or undefined if there is nothing to look for. One or two
 * characters find the beginnings of words by the index, or any part without it.
 */
export function searchOfSpace(
  spaceId: number,
  typed: string,
  { findsShortParts }: { readonly findsShortParts: boolean },
): Search | undefined {
  const text = foldText(typed);
  if (text === '') return undefined;
  if ([...text].length >= shortestPart) {
    const tokens = [...new Set(partsOf(text).map((part) => partToken(spaceId, part)))];
    return { tokens, patterns: [anyPart(text)] };
  }
  if (findsShortParts) return { tokens: [], patterns: [anyPart(text)] };
  // A search such as "a b" spans two words, so it matches only at the beginning of a field. The index finds it by its
  // first word.
  const tokens = [beginningToken(spaceId, text.split(' ')[0] ?? text)];
  return { tokens, patterns: [`%\n${literal(text)}%`, `% ${literal(text)}%`] };
}

/** Returns how to search several spaces, which no index serves. */
export function searchOfPart(typed: string): Search | undefined {
  const text = foldText(typed);
  return text === '' ? undefined : { tokens: [], patterns: [anyPart(text)] };
}

function anyPart(text: string): string {
  return `%${literal(text)}%`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

function partsOf(text: string): string[] {
  const letters = [...text];
  return letters.slice(shortestPart - 1).map((_, at) => letters.slice(at, at + shortestPart).join(''));
}

function partToken(spaceId: number, part: string): string {
  return `${spaceId}x${hex(part)}`;
}

function beginningToken(spaceId: number, beginning: string): string {
  return `${spaceId}p${hex(beginning)}`;
}

/** Returns only ASCII letters and digits, because the index splits its texts at all other characters. */
function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
