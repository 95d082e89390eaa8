const maxLength = 80;

/**
 * Characters that are invisible, or that affect terminals or the direction of text. Includes every space except U+0020,
 * and the blank Braille pattern (U+2800).
 */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** Returns text from outside in quotation marks, safe for a message: `"+4922␍"`. */
export function quoteText(text: string): string {
  return `"${visibleText(text)}"`;
}

/**
 * Returns text from outside as one short line without quotation marks, with invisible characters shown as `␍` or
 * `<U+202E>`.
 */
export function visibleText(text: string): string {
  const characters = [...text.slice(0, 2 * (maxLength + 1))];
  const start = characters.slice(0, maxLength).join('').replace(invisible, visible);
  return characters.length > maxLength ? `${start}…` : start;
}

/** Returns text of any length with all invisible characters made visible, except line breaks. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, (character) => (character === '\n' ? character : visible(character)));
}

/** Returns text with its control characters made visible, except line breaks, because a terminal would execute them. */
export function withoutControls(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, visible);
}

/** Returns a whole text for a terminal: with its control characters made visible, except tabs and line ends. */
export function textForTerminal(text: string): string {
  return text.replace(/(?!\t|\r?\n)\p{Cc}/gu, visible);
}

/**
 * Returns JSON in which all control characters are escaped. JSON itself escapes only the first 32, but terminals
 * execute the others too, even in the output of `tail -f` and `journalctl`.
 */
export function escapeControls(json: string): string {
  return json.replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

/** Returns the symbol that Unicode has for an ASCII control character. Other characters are shown as their number. */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
