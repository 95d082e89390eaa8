import { type Command, Option } from 'commander';

// Options that several commands share.

export interface PasswordOptions {
  readonly password?: string;
  readonly passwordStdin?: boolean;
}

export function withPasswordOptions(command: Command): Command {
  return command
    .option('--password <password>', 'the password; other users of this machine may see it in the process list')
    .addOption(new Option('--password-stdin', 'read the password from standard input').conflicts('password'));
}

export interface CodeOptions {
  readonly qr?: true;
  readonly png?: string;
  readonly svg?: string;
}

export function withCodeOptions(command: Command): Command {
  return command
    .option('--qr', 'print the QR code')
    .option('--png <file>', 'write the QR code to a PNG file')
    .option('--svg <file>', 'write the QR code to an SVG file');
}

export const expiresOption = '--expires <when>';
export const expiresChoices = 'a duration such as 90m, 12h or 7d, a time such as 2030-01-31T18:00Z, or 0 for never';
