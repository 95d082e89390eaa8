/** Removes spaces at both ends: Linphone drops those at the end of a value when it starts again. */
export function trimBlanks(text: string): string {
  return text.replace(/^ +/, '').replace(/(?<! ) +$/, '');
}

/** Returns what is wrong with a value that cannot have spaces at its ends, as the rest of a sentence. */
export function checkEnds(value: string): string | undefined {
  return /^ | $/.test(value) ? 'must not begin or end with a space' : undefined;
}
