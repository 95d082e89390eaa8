import { isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
}

/** The part of a text without a byte order mark that shows whether it is UTF-16. */
const sampleBytes = 1_000;

/**
 * Decodes a text by its byte order mark. Without one, decodes it as UTF-8, or as Windows-1252 if it is not valid UTF-8.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return utf16WithoutMark(bytes) ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252');
}

/**
 * Detects UTF-16 without a byte order mark. Nearly every other byte of such a table is zero; no other text has zero
 * bytes.
 */
function utf16WithoutMark(bytes: Uint8Array): Encoding | undefined {
  const sample = bytes.subarray(0, sampleBytes - (sampleBytes % 2));
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd < sample.length / 4) return undefined;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

let byteOfCharacter: ReadonlyMap<string, number> | undefined;

/** Returns the bytes of the characters of Windows-1252. Made at first use, because only imports need them. */
function windows1252Bytes(): ReadonlyMap<string, number> {
  const decode = () => new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  byteOfCharacter ??= new Map([...decode()].map((character, byte) => [character, byte]));
  return byteOfCharacter;
}

/** Returns whether a text is UTF-8 that was decoded as Windows-1252, such as `ChloÃ©`. */
export function isMisread(text: string): boolean {
  if (!/[\u0080-\u{10ffff}]/u.test(text)) return false;
  const known = windows1252Bytes();
  const bytes: number[] = [];
  for (const character of text) {
    const byte = known.get(character);
    if (byte === undefined) return false;
    bytes.push(byte);
  }
  return isUtf8(Uint8Array.from(bytes));
}
