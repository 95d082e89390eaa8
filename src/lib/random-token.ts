import { hash, randomBytes, randomFillSync } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 22 characters from an alphabet of 62 have 130.9 bits. */
export const tokenLength = 22;
/** Bytes from this value on are discarded. Modulo 62, they would make the first letters more likely. */
const firstBiasedByte = 256 - (256 % alphabet.length);

/** Returns a function that makes tokens from random bytes. It calls `fill` for `bytesAtOnce` bytes at a time. */
export function tokenSource(fill: (bytes: Uint8Array) => void, bytesAtOnce = 4096): (more?: number) => string {
  const bytes = new Uint8Array(bytesAtOnce);
  let next = bytes.length;
  return function nextToken(more = 0): string {
    let token = '';
    while (token.length < tokenLength + more) {
      if (next === bytes.length) {
        fill(bytes);
        next = 0;
      }
      const byte = bytes[next++] ?? firstBiasedByte;
      if (byte < firstBiasedByte) token += alphabet.charAt(byte % alphabet.length);
    }
    return token;
  };
}

/**
 * Returns 22 characters of A–Z a–z 0–9 with at least 128 random bits, for tokens, keys and generated passwords. Adds
 * `more` characters, for example for a prefix that is not secret.
 */
export const randomToken: (more?: number) => string = tokenSource(randomFillSync);

/** Returns 256 random bits for a session. */
export function sessionSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns the form in which tokens and keys are stored. They are random, so they need no salt and no slow hash. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
