import unicodeRanges from '@fontsource/noto-sans/unicode.json' with { type: 'json' };

/** The font has a file for each script. The first file that contains a character draws it. */
const scripts = [
  'latin',
  'latin-ext',
  'vietnamese',
  'greek',
  'greek-ext',
  'cyrillic',
  'cyrillic-ext',
  'devanagari',
] as const;
export type Script = (typeof scripts)[number];

/** Text that is drawn with one file of the font. */
export interface Run {
  readonly script: Script;
  readonly text: string;
}

const covered: Readonly<Record<Script, readonly (readonly [from: number, to: number])[]>> = mapScripts((script) =>
  unicodeRanges[script].split(',').map((range) => {
    const [from = '', to = from] = range.slice(2).split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
  }),
);

/** Splits the text into runs. Returns undefined if the font lacks a character. Accents stay with their letters. */
export function scriptRuns(text: string): readonly Run[] | undefined {
  const runs: { script: Script; text: string }[] = [];
  for (const character of text) {
    const last = runs.at(-1);
    if (last !== undefined && (character === ' ' || has(last.script, character))) {
      last.text += character;
      continue;
    }
    const script = scripts.find((each) => has(each, character));
    if (script === undefined) return undefined;
    runs.push({ script, text: character });
  }
  return runs;
}

function has(script: Script, character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return covered[script].some(([from, to]) => point >= from && point <= to);
}

function mapScripts<T>(of: (script: Script) => T): Readonly<Record<Script, T>> {
  return Object.fromEntries(scripts.map((script) => [script, of(script)])) as Record<Script, T>;
}
