const around = String.raw`[\s\p{Cf}\u2800\u3164]`;
const leading = new RegExp(`^${around}+`, 'u');
const trailing = new RegExp(`(?<!${around})${around}+$`, 'u');

/** Removes spaces and invisible characters of every kind from both ends, including direction marks. */
export function withoutEnds(text: string): string {
  return text.replace(leading, '').replace(trailing, '');
}

/** Removes all invisible characters. No address, number or user name contains them on purpose. */
export function withoutInvisibles(text: string): string {
  return withoutEnds(text.replace(/\p{Cf}/gu, ''));
}

/**
 * Returns the text as one line: line breaks and white space of every kind become plain spaces, and direction marks are
 * removed. Joiners stay, because Persian and Indian names need them.
 */
export function singleLine(text: string): string {
  return withoutEnds(
    text.normalize('NFC').replace(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, ''),
  ).replace(/\s+/g, ' ');
}

/** Returns the lines of a text in one, with a space instead of line breaks and tabs. Other spaces stay. */
export function joinedLines(text: string): string {
  return text
    .split(/[\t-\r\u0085\u2028\u2029]/)
    .map(withoutEnds)
    .filter((line) => line !== '')
    .join(' ');
}

/** Returns a text in lower case without its accents. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => withoutAccent[letter] ?? letter);
}

/** Letters that Unicode does not decompose. */
const withoutAccent: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
