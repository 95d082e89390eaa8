import { constants, crc32, deflateSync } from 'node:zlib';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const bitDepth = 1;
const greyscale = 0;
/** The filter type *Up*; 0 means no filter. */
const upFilter = 2;

/** Adjacent black pixels, from `start` to before `end`. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns a square picture with one bit per pixel. `rows` returns the black runs of row `y`. If it returns the same
 * array as for the row above, the row is stored as a repetition and costs almost nothing.
 */
export function monochromePng(size: number, rows: (y: number) => readonly Run[]): Buffer {
  const rowLength = 1 + Math.ceil(size / 8);
  const pixels = new Uint8Array(size * rowLength);
  let above: readonly Run[] | undefined;
  for (let y = 0; y < size; y++) {
    const row = rows(y);
    // Each row begins with a byte for its filter.
    const filter = y * rowLength;
    if (row === above) {
      // The pixels stay 0, because they are the difference from the row above.
      pixels[filter] = upFilter;
    } else {
      pixels.fill(0xff, filter + 1, filter + rowLength);
      for (const { start, end } of row) blacken(pixels, (filter + 1) * 8 + start, (filter + 1) * 8 + end);
    }
    above = row;
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, bitDepth, greyscale, 0, 0, 0]);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    // Nearly all repetitions are runs of one byte. Searching for others would gain little and take longer.
    chunk('IDAT', deflateSync(pixels, { level: 1, strategy: constants.Z_RLE })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Clears the bits of a run. The highest bit of the first byte is pixel 0. */
function blacken(pixels: Uint8Array, start: number, end: number): void {
  const first = start >> 3;
  const last = end >> 3;
  const beforeStart = ~(0xff >> (start & 7));
  const fromEnd = 0xff >> (end & 7);
  if (first === last) {
    pixels[first] = (pixels[first] ?? 0) & (beforeStart | fromEnd);
    return;
  }
  pixels[first] = (pixels[first] ?? 0) & beforeStart;
  for (let byte = first + 1; byte < last; byte++) pixels[byte] = 0;
  if ((end & 7) !== 0) pixels[last] = (pixels[last] ?? 0) & fromEnd;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
