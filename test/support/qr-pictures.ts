import assert from 'node:assert/strict';
import { crc32, inflateSync } from 'node:zlib';
import decodeQR from 'qr/decode.js';
import { monochromePng } from '../../src/lib/png.ts';
import { type QrMatrix, qrMatrix } from '../../src/lib/qr-code.ts';
import { patienceMs } from './wait-until.ts';

/** Whether each pixel is dark, row by row. */
export type Picture = boolean[][];

/** Returns the picture of a matrix: modules of `scale` pixels that begin at `offset`, with white around them. */
export function draw(matrix: QrMatrix, size: number, scale: number, offset: number): Picture {
  const positions = Array.from({ length: size }, (_, pixel) => Math.floor((pixel - offset) / scale));
  return positions.map((y) => positions.map((x) => matrix.dark(x, y)));
}

/** Returns the expected picture for `size`: the largest modules that fit with a quiet zone of four, centred. */
export function expectedPicture(text: string, size: number | undefined): Picture {
  const matrix = qrMatrix(text);
  if (size === undefined) return draw(matrix, (matrix.size + 8) * 8, 8, 32);
  const scale = Math.floor(size / (matrix.size + 8));
  return draw(matrix, size, scale, Math.floor((size - matrix.size * scale) / 2));
}

export function readPng(png: Buffer): Picture {
  assert.equal(png.toString('latin1', 0, 8), '\x89PNG\r\n\x1a\n');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    assert.equal(png.readUInt32BE(end), crc32(png.subarray(at + 4, end)));
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, end) });
    at = end + 4;
  }
  const [header, pixels] = chunks.map(({ data }) => data);
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ['IHDR', 'IDAT', 'IEND'],
  );
  assert.ok(header && pixels);
  const size = header.readUInt32BE(0);
  assert.deepEqual([...header.subarray(4)], [...header.subarray(0, 4), 1, 0, 0, 0, 0]);
  const raw = inflateSync(pixels);
  const rowLength = 1 + Math.ceil(size / 8);
  assert.equal(raw.length, size * rowLength);
  const picture: Picture = [];
  for (let y = 0; y < size; y++) {
    const row = raw.subarray(y * rowLength, (y + 1) * rowLength);
    // The filters are None and Up.
    assert.ok(row[0] === 0 || (row[0] === 2 && y > 0), `the filter ${row[0]} in row ${y}`);
    const above = raw.subarray((y - 1) * rowLength, y * rowLength);
    for (let byte = 1; row[0] === 2 && byte < rowLength; byte++) row[byte] = (row[byte] ?? 0) + (above[byte] ?? 0);
    picture.push(Array.from({ length: size }, (_, x) => (((row[1 + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 0));
  }
  return picture;
}

export function readSvg(svg: string): Picture {
  const form =
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="(\d+)" height="\1" viewBox="0 0 \1 \1" shape-rendering="crispEdges"><rect width="\1" height="\1" fill="#fff"\/><path fill="#000" transform="translate\((\d+) \2\) scale\((\d+)\)" d="((?:M\d+ \d+h\d+v1h-\d+z)+)"\/><\/svg>$/;
  const [, size, offset, scale, path = ''] = form.exec(svg) ?? assert.fail(svg);
  const modules = new Set<string>();
  for (const [, x, y, width, back] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)) {
    assert.equal(width, back);
    for (let step = 0; step < Number(width); step++) modules.add(`${Number(x) + step} ${y}`);
  }
  const dark = (x: number, y: number) => modules.has(`${x} ${y}`);
  return draw({ size: 0, dark }, Number(size), Number(scale), Number(offset));
}

/** Returns the modules in a terminal's output, including the quiet zone. */
export function readTerminal(output: string, colour: boolean): Picture {
  const lines = output.split('\n');
  assert.equal(lines.pop(), '');
  return lines.flatMap((line) => {
    const characters = colour
      ? (/^\x1b\[38;5;16;48;5;231m([ ▀▄█]+)\x1b\[0m$/.exec(line)?.[1] ?? assert.fail(line))
      : line;
    // [upper, lower]. Printed characters are dark only with black on white; otherwise the terminal prints light
    // characters.
    const halves = new Map([
      [' ', [!colour, !colour]],
      ['▀', [colour, !colour]],
      ['▄', [!colour, colour]],
      ['█', [colour, colour]],
    ]);
    const columns = [...characters].map((character) => halves.get(character) ?? assert.fail(line));
    return [columns.map(([upper]) => upper === true), columns.map(([, lower]) => lower === true)];
  });
}

/**
 * Returns a square picture as a PNG for a scanner. The output of a terminal must be magnified, because its modules are
 * single pixels here.
 */
export function toPng(picture: Picture, scale = 1): Buffer {
  const rows = picture.map((row) =>
    row.flatMap((dark, x) => (dark ? [{ start: x * scale, end: (x + 1) * scale }] : [])),
  );
  return monochromePng(picture.length * scale, (y) => rows[Math.floor(y / scale)] ?? []);
}

/** Returns the text that the decoder of the package `qr` reads in a picture. */
export function decodePicture(picture: Picture): string {
  const grey = picture.flatMap((row) => row.flatMap((dark) => Array<number>(3).fill(dark ? 0 : 255)));
  return decodeQR(
    { width: picture.length, height: picture.length, data: Uint8Array.from(grey) },
    { timeLimit: patienceMs },
  );
}
