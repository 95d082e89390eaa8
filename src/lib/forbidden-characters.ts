import type { Complaint } from '../errors/complaints.ts';

// Control characters and what is no character. Linphone writes values unescaped to its own file, so text after a line
// break would become new keys and sections at the next start. With the flag `u`, only unpaired surrogates match.
const forbidden = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/u;

/** Returns a complaint about the characters of a text of one line that a phone may store, or undefined. */
export function checkCharacters(text: string): Complaint | undefined {
  // Hooks may be plain JavaScript, so the declared type is not guaranteed.
  if (typeof text !== 'string') return { code: 'not-text' };
  const index = findForbidden(text);
  return index === undefined ? undefined : { code: 'forbidden-character', charCode: text.charCodeAt(index) };
}

/** Returns the position of the first character that no such text may contain. */
export function findForbidden(text: string): number | undefined {
  const index = text.search(forbidden);
  return index === -1 ? undefined : index;
}
