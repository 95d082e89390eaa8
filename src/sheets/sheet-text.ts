import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type PdfDocument from 'pdfkit';
import { type Script, scriptRuns } from './script-runs.ts';

export type Pdf = InstanceType<typeof PdfDocument>;

/** A millimetre in points. */
export const mm = 72 / 25.4;

/** The style of a text. `size` and `leading`, the distance between lines, are in points. */
export interface Look {
  readonly weight: 500 | 700;
  readonly size: number;
  readonly leading: number;
}

/** Draws text that needs several fonts because it has several scripts. */
export interface TextPen {
  /** Splits the text into lines that fit into the width. The last one ends in `…` if there is more text. */
  wrap(text: string, look: Look, room: { readonly width: number; readonly maxLines: number }): readonly string[];
  /** Draws lines below each other. Returns where the next text begins. */
  draw(lines: readonly string[], look: Look, at: { readonly x: number; readonly y: number }): number;
}

const resolve = createRequire(import.meta.url).resolve;

/** Returns a font as WOFF, because pdfkit cannot extract accented letters from WOFF2. */
function fontFile(script: Script, weight: Look['weight']): Buffer {
  return readFileSync(resolve(`@fontsource/noto-sans/files/noto-sans-${script}-${weight}-normal.woff`));
}

export function textPen(pdf: Pdf): TextPen {
  const known = new Set<string>();
  const use = (script: Script, { weight, size }: Look): Pdf => {
    const name = `${script}-${weight}`;
    if (!known.has(name)) pdf.registerFont(name, fontFile(script, weight));
    known.add(name);
    return pdf.font(name).fontSize(size);
  };
  const runsOf = (text: string) => scriptRuns(text) ?? [];
  const widthOf = (text: string, look: Look): number =>
    runsOf(text).reduce((sum, { script, text: part }) => sum + use(script, look).widthOfString(part), 0);
  return {
    wrap(text, look, { width, maxLines }) {
      return wrapped(text, (part) => widthOf(part, look) <= width, maxLines);
    },
    draw(lines, look, { x, y }) {
      for (const [index, line] of lines.entries()) {
        let left = x;
        for (const { script, text: part } of runsOf(line)) {
          const font = use(script, look);
          font.text(part, left, y + index * look.leading, { lineBreak: false });
          left += font.widthOfString(part);
        }
      }
      return y + lines.length * look.leading;
    },
  };
}

const ellipsis = '…';

/**
 * Splits the text into lines that fit. Words that are too long for a line are broken, and the last line ends in `…` if
 * there is more text.
 */
function wrapped(text: string, fits: (line: string) => boolean, maxLines: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => (fits(each) ? [each] : pieces(each, fits)))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  lines.push(line);
  if (lines.length <= maxLines) return lines;
  const last = [...(lines[maxLines - 1] ?? '')];
  while (last.length > 0 && !fits(`${last.join('')}${ellipsis}`)) last.pop();
  return [...lines.slice(0, maxLines - 1), `${last.join('')}${ellipsis}`];
}

/** Splits a long word. Parts of addresses end after a separator if one is near. */
function pieces(word: string, fits: (part: string) => boolean): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part !== '' && !fits(part + character)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}
