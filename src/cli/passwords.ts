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

/** The password as given, on the command line or on standard input. */
export async function givenPassword(options: PasswordOptions, io: Io): Promise<string | undefined> {
  if (options.passwordStdin !== true) return options.password;
  return (await io.readInput()).replace(/\r?\n$/, '');
}

/** The password as given, else a new one, which then has to be shown. */
export async function givenOrNewPassword(
  options: PasswordOptions,
  io: Io,
): Promise<{ password: string; generated: boolean }> {
  const password = await givenPassword(options, io);
  return { password: password ?? generatePassword(), generated: password === undefined };
}
