import { hash } from 'node:crypto';

/** The names in RFC 7616 and in Linphone's `algorithm`. */
export type Algorithm = 'SHA-256' | 'MD5';

/** The strongest first, in the order in which they are offered. */
export const algorithms: readonly Algorithm[] = ['SHA-256', 'MD5'];

const hashNames = { 'SHA-256': 'sha256', MD5: 'md5' } as const satisfies Record<Algorithm, string>;

/** The hash that is stored instead of a password. */
export interface Ha1 {
  readonly algorithm: Algorithm;
  /** Lowercase hex. */
  readonly ha1: string;
}

export function isAlgorithm(value: unknown): value is Algorithm {
  return algorithms.some((algorithm) => algorithm === value);
}

const digits = { 'SHA-256': 64, MD5: 32 } as const satisfies Record<Algorithm, number>;

/** Returns the number of hex digits that an HA1 must have if this text is not one. Returns undefined if it is. */
export function missingDigits({ algorithm, ha1 }: Ha1): number | undefined {
  const wanted = digits[algorithm];
  return ha1.length === wanted && /^[0-9a-f]+$/.test(ha1) ? undefined : wanted;
}

/** Returns H of RFC 7616: the hash of the text's UTF-8, in lowercase hex. */
export function digestHash(algorithm: Algorithm, text: string): string {
  return hash(hashNames[algorithm], text);
}

/** Returns H(A1) of RFC 7616 section 3.4.2, in lowercase hex. */
export function computeHa1(algorithm: Algorithm, username: string, realm: string, password: string): string {
  return digestHash(algorithm, `${username}:${realm}:${password}`);
}
