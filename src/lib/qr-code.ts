import { encodeQR } from 'qr';
import { AppError, invalidFields } from '../errors.ts';
import { monochromePng, type Run } from './png.ts';

export interface QrMatrix {
  /** Modules per side, without the quiet zone. */
  readonly size: number;
  /** Returns whether a module is dark. Modules outside the code are light. */
  dark(x: number, y: number): boolean;
}

export interface PictureOptions {
  /** Pixels per side, from 100 to 2000; by default, 8 per module. */
  readonly size?: number;
}

export interface TerminalOptions {
  /**
   * Whether to draw black on white with escape sequences, which works on every terminal (the default). Without them,
   * the code can be scanned only on dark terminals.
   */
  readonly colour?: boolean;
}

/** Modules on each side, as ISO/IEC 18004 requires. */
const quietZone = 4;
const defaultScale = 8;
const white: readonly Run[] = [];
/** Black on white, from the fixed part of the palette, which themes do not change. */
const blackOnWhite = '\x1b[38;5;16;48;5;231m';
const resetColours = '\x1b[0m';

/** Returns the modules of a QR code with error correction level M. */
export function qrMatrix(text: string): QrMatrix {
  const rows = encode(text);
  return { size: rows.length, dark: (x, y) => rows[y]?.[x] === true };
}

/**
 * Returns a PNG with one bit per pixel and a quiet zone. With `size`, it has exactly that size, and the code is
 * centred.
 */
export function qrPng(text: string, options: PictureOptions = {}): Buffer {
  const modules = encode(text);
  const { size, scale, offset } = layOut(modules.length, options.size);
  const black = modules.map((row) =>
    darkRuns(row).map(({ start, end }) => ({ start: offset + start * scale, end: offset + end * scale })),
  );
  return monochromePng(size, (y) => (y < offset ? white : (black[Math.floor((y - offset) / scale)] ?? white)));
}

/** Returns an SVG picture with the layout of the PNG of the same size. */
export function qrSvg(text: string, options: PictureOptions = {}): string {
  const modules = encode(text);
  const { size, scale, offset } = layOut(modules.length, options.size);
  let path = '';
  for (const [y, row] of modules.entries()) {
    for (const { start, end } of darkRuns(row)) path += `M${start} ${y}h${end - start}v1h${start - end}z`;
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" ` +
    `shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/>` +
    `<path fill="#000" transform="translate(${offset} ${offset}) scale(${scale})" d="${path}"/></svg>`
  );
}

/** Returns half-block characters, two modules each, for a UTF-8 terminal. Each line ends with a line feed. */
export function qrTerminal(text: string, { colour = true }: TerminalOptions = {}): string {
  const matrix = qrMatrix(text);
  // Without colours, the *light* modules are drawn, because text on a dark terminal is light.
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

/** Returns whether each module is dark, row by row, without a quiet zone. */
function encode(text: string): boolean[][] {
  try {
    // The library requires a border of at least 1.
    const rows = encodeQR(text, 'raw', { ecc: 'medium', encoding: 'byte', border: 1 });
    return rows.slice(1, -1).map((row) => row.slice(1, -1));
  } catch (cause) {
    throw new AppError('fields-invalid', { fields: { text: [{ code: 'too-long-for-qr-code' }] } }, { cause });
  }
}

/** Returns the side of the picture, the side of a module, and the position of the code, all in pixels. */
function layOut(modules: number, size: number | undefined): { size: number; scale: number; offset: number } {
  const withQuietZone = modules + 2 * quietZone;
  if (size === undefined) {
    return { size: withQuietZone * defaultScale, scale: defaultScale, offset: quietZone * defaultScale };
  }
  if (!Number.isInteger(size) || size < 100 || size > 2000) {
    throw invalidFields({ size: [{ code: 'not-a-count', min: 100, max: 2000 }] });
  }
  if (size < withQuietZone) throw invalidFields({ size: [{ code: 'too-small-for-qr-code', min: withQuietZone }] });
  const scale = Math.floor(size / withQuietZone);
  return { size, scale, offset: Math.floor((size - modules * scale) / 2) };
}

function darkRuns(row: readonly boolean[]): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < row.length; x++) {
    const start = x;
    while (row[x]) x++;
    if (x > start) runs.push({ start, end: x });
  }
  return runs;
}
