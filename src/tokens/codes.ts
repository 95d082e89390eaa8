import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { hashSecret, tokenSource } from '../lib/random-token.ts';

/** The secret of a provisioning token, which people see as a code, and the salt that it is derived from. */
export interface Code {
  /** 128 random bits. Useless without the secret of the instance. */
  readonly salt: string;
  readonly token: string;
  /** Whether the URL in the code asks for a new password. */
  readonly resetsPassword: boolean;
}

export interface Codes {
  make(options?: { readonly resetsPassword?: boolean }): Code;
  /** Returns the token for a salt. The result is different after a change of `RINGUP_SECRET`. */
  tokenOf(salt: string): string;
}

/**
 * How many characters of a token lists show, so that people can tell codes apart. The rest is as secret as a whole key.
 */
export const shownLength = 6;

/** Derives tokens from salts, so that a valid code can be shown again although only its hash is stored. */
export function codesOf(secret: string): Codes {
  const key = createSecretKey(createHmac('sha256', secret).update('provisioning codes').digest());
  const tokenOf = (salt: string): string => {
    let block = 0;
    const fill = (bytes: Uint8Array): void => {
      for (let start = 0; start < bytes.length; start += 64) {
        bytes.set(createHmac('sha512', key).update(`${salt}.${block++}`).digest(), start);
      }
    };
    return tokenSource(fill, 64)(shownLength);
  };
  return {
    tokenOf,
    make({ resetsPassword = false } = {}) {
      const salt = randomBytes(16).toString('base64url');
      return { salt, token: tokenOf(salt), resetsPassword };
    },
  };
}

/**
 * Returns the token of a stored code. Returns undefined if it cannot be shown again: it has no salt, or `RINGUP_SECRET`
 * has changed.
 */
export function shownToken(
  codes: Pick<Codes, 'tokenOf'>,
  { salt, hash }: { readonly salt: string | null; readonly hash: string },
): string | undefined {
  const token = salt === null ? undefined : codes.tokenOf(salt);
  return token !== undefined && hashSecret(token) === hash ? token : undefined;
}
