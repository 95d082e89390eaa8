import { type Command, Option } from 'commander';
import { generatePassword } from '../accounts/passwords.ts';
import type { Io } from './io.ts';

export interface PasswordOptions {
  readonly password?: string;
  readonly passwordStdin?: boolean;
}

export function withPasswordOptions(command: Command): Command {
  return command
    .option('--password <password>', 'the password; other users of this machine may see it in the process list')
    .addOption(new Option('--password-stdin', 'read the password from standard input').conflicts('password'));
}

/** Returns the password from the command line or from standard input, if there is one. */
export async function givenPassword(options: PasswordOptions, io: Io): Promise<string | undefined> {
  if (options.passwordStdin !== true) return options.password;
  return (await io.readInput()).replace(/\r?\n$/, '');
}

/** Returns the given password, or generates one, which the command must then show. */
export async function givenOrNewPassword(
  options: PasswordOptions,
  io: Io,
): Promise<{ password: string; generated: boolean }> {
  const password = await givenPassword(options, io);
  return { password: password ?? generatePassword(), generated: password === undefined };
}
