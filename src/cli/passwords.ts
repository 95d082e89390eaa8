import { givenOrGenerated } from '../accounts/passwords.ts';
import { AppError } from '../errors.ts';
import { algorithms, type Ha1, isAlgorithm } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import type { Io } from './io.ts';
import type { PasswordOptions } from './options.ts';

/** Returns the password from the command line or from standard input, or undefined if neither has one. */
export async function givenPassword(options: PasswordOptions, io: Io): Promise<string | undefined> {
  if (options.passwordStdin !== true) return options.password;
  return (await io.readInput()).replace(/\r?\n$/, '');
}

/** Reads `ALGORITHM:HEX` words. Errors do not quote them, because an HA1 is as good as a password. */
export function readHa1s(words: readonly string[]): Ha1[] {
  const ha1s = words.map((word) => {
    const [algorithm, ha1] = word.split(':', 2);
    if (!isAlgorithm(algorithm) || ha1 === undefined)
      throw usage(`--ha1 must be ALGORITHM:HEX, where ALGORITHM is ${algorithms.join(' or ')}.`);
    return { algorithm, ha1 };
  });
  const names = ha1s.map(({ algorithm }) => algorithm);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usage(`--ha1 has two HA1s for ${twice}.`);
  return ha1s;
}

function usage(complaint: string): AppError {
  return new AppError('usage-wrong', { complaint });
}

/** Returns the given password, or generates one, which the command must then show. */
export async function givenOrNewPassword(
  options: PasswordOptions,
  io: Io,
  space: Space,
): Promise<ReturnType<typeof givenOrGenerated>> {
  return givenOrGenerated(await givenPassword(options, io), space);
}
