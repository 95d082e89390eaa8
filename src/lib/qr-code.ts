import { create } from 'qrcode/lib/core/qrcode.js';
import { AppError, invalidFields } from '../errors.ts';
import { monochromePng } from './png.ts';

export interface QrMatrix {
  /** Modules on a side, without the quiet zone. */
  readonly size: number;
  /** Whether a module is dark; those outside are light. */
  dark(x: number, y: number): boolean;
}

export interface PictureOptions {
  /** Pixels on a side, 100–2000; without it, 8 for each module. */
  readonly size?: number;
}

export interface TerminalOptions {
  /** Black on white by escape sequences, right on every terminal (the default); without them, right on dark ones. */
  readonly colour?: boolean;
}

/** In modules, on each side: what ISO/IEC 18004 asks for. */
const quietZone = 4;
const defaultScale = 8;
/** Black on white from the fixed part of the palette, which themes leave alone. */
const blackOnWhite = '\x1b[38;5;16;48;5;231m';
const resetColours = '\x1b[0m';

/** The modules of a QR code, error correction level M. */
export function qrMatrix(text: string): QrMatrix {
  const { size, data } = encode(text).modules;
  const inside = (position: number): boolean => position >= 0 && position < size;
  return { size, dark: (x, y) => inside(x) && inside(y) && data[y * size + x] === 1 };
}

/** A PNG of one bit a pixel with a quiet zone; with `size` exactly that large, the code in its middle. */
export function qrPng(text: string, options: PictureOptions = {}): Buffer {
  const matrix = qrMatrix(text);
  const { size, scale, offset } = layOut(matrix.size, options.size);
  const white = new Uint8Array(Math.ceil(size / 8)).fill(0xff);
  const rows = Array.from({ length: matrix.size }, (_, y) => pixelRow(matrix, y, white, scale, offset));
  return monochromePng(size, (y) => rows[Math.floor((y - offset) / scale)] ?? white);
}

/** An SVG picture laid out like the PNG of the same size. */
export function qrSvg(text: string, options: PictureOptions = {}): string {
  const matrix = qrMatrix(text);
  const { size, scale, offset } = layOut(matrix.size, options.size);
  let path = '';
  for (let y = 0; y < matrix.size; y++) {
    for (const { start, length } of darkRuns(matrix, y)) path += `M${start} ${y}h${length}v1h-${length}z`;
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" ` +
    `shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/>` +
    `<path fill="#000" transform="translate(${offset} ${offset}) scale(${scale})" d="${path}"/></svg>`
  );
}

/** Half-block characters, two modules each, for a terminal that shows UTF-8; every line ends with a line feed. */
export function qrTerminal(text: string, { colour = true }: TerminalOptions = {}): string {
  const matrix = qrMatrix(text);
  // Without colours the *light* modules are drawn, as the characters of a dark terminal are light.
  const [none, upper, lower, both] = colour ? [' ', '▀', '▄', '█'] : ['█', '▄', '▀', ' '];
  const end = matrix.size + quietZone;
  let lines = '';
  for (let y = -quietZone; y < end; y += 2) {
    let line = '';
    for (let x = -quietZone; x < end; x++) {
      if (matrix.dark(x, y)) line += matrix.dark(x, y + 1) ? both : upper;
      else line += matrix.dark(x, y + 1) ? lower : none;
    }
    lines += colour ? `${blackOnWhite}${line}${resetColours}\n` : `${line}\n`;
  }
  return lines;
}

function encode(text: string): ReturnType<typeof create> {
  try {
    // One byte segment: looking for a shorter mix of segments takes as long as all the rest.
    return create([{ mode: 'byte', data: text }], { errorCorrectionLevel: 'M' });
  } catch (cause) {
    throw new AppError('fields-invalid', 'The text is too long for a QR code.', { cause });
  }
}

/** Pixels: side of the picture, side of a module, and where the code begins. */
function layOut(modules: number, size: number | undefined): { size: number; scale: number; offset: number } {
  const withQuietZone = modules + 2 * quietZone;
  if (size === undefined) {
    return { size: withQuietZone * defaultScale, scale: defaultScale, offset: quietZone * defaultScale };
  }
  if (!Number.isInteger(size) || size < 100 || size > 2000) {
    throw invalidFields({ size: ['must be a whole number from 100 to 2000'] });
  }
  if (size < withQuietZone) throw invalidFields({ size: [`must be at least ${withQuietZone} for this code`] });
  const scale = Math.floor(size / withQuietZone);
  return { size, scale, offset: Math.floor((size - modules * scale) / 2) };
}

function pixelRow(matrix: QrMatrix, y: number, white: Uint8Array, scale: number, offset: number): Uint8Array {
  const row = white.slice();
  for (const { start, length } of darkRuns(matrix, y)) {
    const end = offset + (start + length) * scale;
    for (let pixel = offset + start * scale; pixel < end; pixel++) {
      row[pixel >> 3] = (row[pixel >> 3] ?? 0) & ~(0x80 >> (pixel & 7));
    }
  }
  return row;
}

function darkRuns(matrix: QrMatrix, y: number): { start: number; length: number }[] {
  const runs: { start: number; length: number }[] = [];
  for (let x = 0; x < matrix.size; x++) {
    const start = x;
    while (matrix.dark(x, y)) x++;
    if (x > start) runs.push({ start, length: x - start });
  }
  return runs;
}
