import { randomFillSync } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 22 characters of 62 are 130.9 bits. */
const secretLength = 22;
/** Bytes from here on are thrown away: taken modulo 62 they would make the first letters likelier. */
const firstUnfairByte = 256 - (256 % alphabet.length);

/** Makes a source of tokens out of a source of random bytes, which it asks for many at a time. */
export function tokenSource(fill: (bytes: Uint8Array) => void): (shown?: number) => string {
  const bytes = new Uint8Array(4096);
  let next = bytes.length;
  return function nextToken(shown = 0): string {
    let token = '';
    while (token.length < secretLength + shown) {
      if (next === bytes.length) {
        fill(bytes);
        next = 0;
      }
      const byte = bytes[next++] ?? firstUnfairByte;
      if (byte < firstUnfairByte) token += alphabet.charAt(byte % alphabet.length);
    }
    return token;
  };
}

/**
 * 22 characters of A–Z a–z 0–9, at least 128 random bits: for tokens, keys and generated passwords. So many more where the
 * first `shown` ones are no secret.
 */
export const randomToken: (shown?: number) => string = tokenSource(randomFillSync);
