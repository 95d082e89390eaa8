/** Characters that are two columns wide on a terminal: East Asian wide and fullwidth ones (UAX #11), and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2fb}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;
const plain = /^[\x20-\x7e]*$/;
/** Matches characters without a width: combining marks, joiners and variation selectors. */
const nothing = /^[\p{Mn}\p{Me}\p{Cf}]*$/u;

/** Returns the width of a text without control characters, in columns of a terminal. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  return charactersOf(text).reduce((sum, each) => sum + characterWidth(each), 0);
}

/** Returns the text if it fits into `width` columns, otherwise its beginning with an ellipsis. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const each of charactersOf(text)) {
    used += characterWidth(each);
    if (used > width - 1) break;
    cut += each;
  }
  return `${cut}…`;
}

/** Returns the text padded with spaces to `width` columns. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/**
 * Wraps lines that are longer than the width between words. Continuation lines keep the indentation of their line, or
 * get `indent`.
 */
export function wrapLines(text: string, width: number, indent?: number): string {
  return text
    .split('\n')
    .map((line) => (textWidth(line) <= width ? line : wrapLine(line, width, indent)))
    .join('\n');
}

function wrapLine(line: string, width: number, indent = /^ */.exec(line)?.[0].length ?? 0): string {
  const lines: string[] = [];
  let last = '';
  for (const word of line.split(/(?<=\S) /)) {
    if (last === '') last = word;
    else if (textWidth(last) + 1 + textWidth(word) <= width) last = `${last} ${word}`;
    else {
      lines.push(last.trimEnd());
      last = `${' '.repeat(indent)}${word.trimStart()}`;
    }
  }
  return [...lines, last].join('\n');
}

/** Splits a text into what a reader sees as characters: for example a flag, or a letter with its accents. */
function charactersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter('en').segment(text), ({ segment }) => segment);
}

function characterWidth(character: string): number {
  if (plain.test(character)) return character.length;
  if (nothing.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
