import { folded } from '../lib/clean-text.ts';

const words: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'y', 'true', '1', 'x', 'oui', 'vrai', 'ja', 'wahr', 'si', 'verdadero'].map(
    (word) => [word, true] as const,
  ),
  ...['no', 'n', 'false', '0', 'non', 'faux', 'nein', 'falsch', 'falso'].map((word) => [word, false] as const),
]);

/** Reads a yes or no as spreadsheets write it in four languages. Returns undefined for other texts. */
export function yesOrNo(text: string): boolean | undefined {
  return words.get(folded(text));
}
