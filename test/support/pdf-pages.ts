import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDirectory } from './temp-directory.ts';

/** The programs of these functions, for `requirePrograms`. */
export const pdfPrograms = { pdftoppm: 'poppler-utils', pdftotext: 'poppler-utils', zbarimg: 'zbar-tools' };

/** Returns the pages of a PDF as PNG pictures. */
export function pdfPages(pdf: Buffer, dotsPerInch = 150): Buffer[] {
  const folder = tempDirectory();
  const file = join(folder, 'file.pdf');
  writeFileSync(file, pdf);
  const pages = join(folder, 'pages');
  mkdirSync(pages);
  execFileSync('pdftoppm', ['-r', String(dotsPerInch), '-png', file, join(pages, 'page')]);
  return readdirSync(pages)
    .sort()
    .map((name) => readFileSync(join(pages, name)));
}

export function pdfText(pdf: Buffer): string {
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
}

/** A word of a PDF, with its edges in points from the top left corner of its page. */
export interface PdfWord {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Returns the words of the first page of a PDF with their places. */
export function pdfWords(pdf: Buffer): PdfWord[] {
  const html = execFileSync('pdftotext', ['-l', '1', '-bbox', '-', '-'], { input: pdf, encoding: 'utf8' });
  const word = /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g;
  return [...html.matchAll(word)].map(([, left, top, right, bottom, text = '']) => ({
    text,
    left: Number(left),
    top: Number(top),
    right: Number(right),
    bottom: Number(bottom),
  }));
}

/** Returns the texts of the QR codes in a picture, in no particular order. */
export function codesIn(png: Buffer): string[] {
  const found = execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', 'png:-'], {
    input: png,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return found.split('\n').filter((line) => line !== '');
}

/** Returns the width in millimetres between the first and the last dark point in a part of the first page. */
export function darkWidth(pdf: Buffer, part: { x: number; y: number; width: number; height: number }): number {
  const pointsPerMm = 10;
  const crop = Object.entries({ x: part.x, y: part.y, W: part.width, H: part.height });
  const options = crop.flatMap(([name, mm]) => [`-${name}`, String(Math.round(mm * pointsPerMm))]);
  const picture = execFileSync('pdftoppm', ['-r', '254', '-mono', '-l', '1', ...options, '-'], { input: pdf });
  const [header = '', columns = '0'] = /^P4\s+(\d+)\s+\d+\s/.exec(picture.toString('latin1')) ?? [];
  const bytesInRow = Math.ceil(Number(columns) / 8);
  const isDark = (x: number): boolean => {
    for (let at = header.length + (x >> 3); at < picture.length; at += bytesInRow) {
      if ((((picture[at] ?? 0) >> (7 - (x & 7))) & 1) === 1) return true;
    }
    return false;
  };
  const dark = Array.from({ length: Number(columns) }, (_, x) => x).filter(isDark);
  return ((dark.at(-1) ?? 0) - (dark[0] ?? 0) + 1) / pointsPerMm;
}
