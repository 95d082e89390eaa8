const maxLength = 80;

/**
 * Characters that are invisible, or that affect terminals or the direction of text; also every space except U+0020. The
 * blank of Braille has an empty picture.
 */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** Returns text from outside in quotation marks, safe for a message: `"+4922␍"`. */
export function quoteText(text: string): string {
  return `"${visibleText(text)}"`;
}

/** Returns the same without quotation marks: one short line, with invisible characters shown as `␍` or `<U+202E>`. */
export function visibleText(text: string): string {
  const characters = [...text.slice(0, 2 * (maxLength + 1))];
  const start = characters.slice(0, maxLength).join('').replace(invisible, visible);
  return characters.length > maxLength ? `${start}…` : start;
}

/** Returns text of any length with all invisible characters shown, except for line breaks. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, (character) => (character === '\n' ? character : visible(character)));
}

/** Returns text with its control characters shown, which a terminal would obey, except for line breaks. */
export function withoutControls(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, visible);
}

/** Unicode has pictures of the ASCII control characters. Other characters are shown by their number. */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
