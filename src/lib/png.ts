import { crc32, deflateSync } from 'node:zlib';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const bitDepth = 1;
const greyscale = 0;

/** A square black and white picture. Each row of `rows` holds a bit per pixel, 1 for white, first pixel highest. */
export function monochromePng(size: number, rows: (y: number) => Uint8Array): Buffer {
  const rowLength = 1 + Math.ceil(size / 8);
  // The first byte of each row stays 0: no filter.
  const pixels = Buffer.alloc(size * rowLength);
  for (let y = 0; y < size; y++) pixels.set(rows(y), y * rowLength + 1);
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, bitDepth, greyscale, 0, 0, 0]);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    // Rows repeat, so a higher level gains little and takes five times as long.
    chunk('IDAT', deflateSync(pixels, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
