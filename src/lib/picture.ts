/** The properties of a picture, from its first bytes. */
export interface Picture {
  readonly type: 'image/png' | 'image/jpeg';
  readonly width: number;
  readonly height: number;
}

const pngStart = Buffer.from('\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR', 'latin1');

/**
 * Returns the type and size of a PNG or JPEG, or undefined for everything else. Ignores the file name and the declared
 * type.
 */
export function readPicture(bytes: Buffer): Picture | undefined {
  return readPng(bytes) ?? readJpeg(bytes);
}

function readPng(bytes: Buffer): Picture | undefined {
  if (bytes.length < 33 || !bytes.subarray(0, pngStart.length).equals(pngStart)) return undefined;
  return withSize('image/png', bytes.readUInt32BE(16), bytes.readUInt32BE(20));
}

/** Returns whether a segment has no length: TEM and the restart markers. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
/**
 * Returns whether a segment starts a frame, which contains the size: 0xc0 to 0xcf, except the three that define tables.
 */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Skips the segments of a JPEG up to the one that contains its size. */
function readJpeg(bytes: Buffer): Picture | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isBare(marker)) at += 2;
    else if (isFrame(marker)) {
      if (at + 9 > bytes.length) return undefined;
      return withSize('image/jpeg', bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
    } else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function withSize(type: Picture['type'], width: number, height: number): Picture | undefined {
  return width === 0 || height === 0 ? undefined : { type, width, height };
}
