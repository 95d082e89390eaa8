const maxLength = 80;

/** What has no shape of its own, or acts on terminals and the direction of writing; of blanks all but the usual one. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** Text from outside in quotation marks, fit for a message: `"+4922␍"`. */
export function quoteText(text: string): string {
  return `"${visibleText(text)}"`;
}

/** The same without the marks: one line, short, every invisible character shown as `␍` or `<U+202E>`. */
export function visibleText(text: string): string {
  const characters = [...text.slice(0, 2 * (maxLength + 1))];
  const start = characters.slice(0, maxLength).join('').replace(invisible, visible);
  return characters.length > maxLength ? `${start}…` : start;
}

/** A complaint to be read after the name of its field, with the value at fault. For values that are no secret. */
export function aboutValue<C extends string | undefined>(value: string, complaint: C): string | C {
  return complaint === undefined ? complaint : `${quoteText(value)} ${complaint}`;
}

/** The same for a server; what names a user may name a password too, and is not quoted. */
export function aboutServer<C extends string | undefined>(uri: string, complaint: C): string | C {
  return uri.includes('@') ? complaint : aboutValue(uri, complaint);
}

/** Unicode has pictures of the ASCII control characters; others are shown by their number. */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
