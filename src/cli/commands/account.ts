import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { expiresChoices, expiresOption, withCodeOptions, withPasswordOptions } from '../options.ts';
import type { ListOptions, NewAccountOptions } from '../work/account.ts';
import { registerAccountChanges } from './account-changes.ts';
import { registerInvite } from './account-invite.ts';
import { registerAccountSheet } from './account-sheet.ts';
import { registerAccountTables } from './account-tables.ts';
import { registerLoginLink } from './login-link.ts';

const work = () => import('../work/account.ts');

export function registerAccount(program: Command, io: Io): void {
  const account = program
    .command('account')
    .description('Accounts. A USER without @DOMAIN belongs to the first space.');

  registerAdd(account, io);
  registerList(account, io);
  registerShow(account, io);
  registerInvite(account, io);
  registerAccountChanges(account, io);
  registerAccountSheet(account, io);
  registerAccountTables(account, io);
  registerLoginLink(account, io);
}

function registerAdd(account: Command, io: Io): void {
  const add = withCodeOptions(
    withPasswordOptions(
      account.command('add <user[@domain]>').description('Creates an account and a provisioning token for its phone.'),
    )
      .addOption(
        new Option(
          '--ha1 <algorithm:hex...>',
          'one or more HA1s instead of the password, such as MD5:0123…; other users of this machine may see them in the process list',
        ).conflicts(['password', 'passwordStdin', 'algorithm']),
      )
      .option(
        '--algorithm <algorithm>',
        'store the password for SHA-256 or MD5 only; default: the algorithms of the space',
      )
      .option('--display-name <name>', 'the name that other phones show')
      .option('--email <address>', 'where mails with its code go')
      .option('--phone <number>', 'with its country code, such as "+33 6 01 02 03 04"')
      .option('--note <text>', 'for administrators only')
      .option('--group <name>', 'such as a department, for administrators only')
      .option(
        '--language <language>',
        'the language of mails and pages for this person, en or fr; default: that of the space',
      )
      .option('--admin', 'make it an administrator of its space; in a super space, of all spaces')
      .option('--activated', 'activate it now, before a phone uses its token')
      .option(expiresOption, `when its token expires: ${expiresChoices}; default: the lifetime that the space sets`),
  ).action(async (address: string, options: NewAccountOptions, command: Command) =>
    (await work()).addAccount(command, io, address, options),
  );
  withManual(add, {
    examples: [
      './ringup account add alice --qr',
      './ringup account add alice --png alice.png --expires 2d',
      'pass show sip/bob | ./ringup account add bob@sip.example.com --password-stdin --display-name "Bob B." --json',
    ],
    json: 'the account with `provisioning_token`, `provisioning_token_expire_at`, `provisioning_url`, and `password` if it was generated',
  });
}

function registerList(account: Command, io: Io): void {
  const list = account
    .command('list')
    .description('Lists accounts.')
    .option('--space <domain>', 'only accounts of this space')
    .option(
      '--search <text>',
      'only accounts with this text, however short, in the user name, display name, e-mail address or phone number',
    )
    .option(
      '--filter <state>',
      'only accounts in this state: never, waiting, failed, active or blocked; or no-mail: without a mail address',
    )
    .option('--group <name>', 'only accounts of this group')
    .action(async (options: ListOptions, command: Command) => (await work()).listAccounts(command, io, options));
  withManual(list, {
    examples: ['./ringup account list --space sip.example.com --search ali'],
    json: 'a list of accounts',
  });
}

function registerShow(account: Command, io: Io): void {
  const show = account
    .command('show <user[@domain]>')
    .description('Shows an account.')
    .action(async (address: string, _options: unknown, command: Command) =>
      (await work()).showOneAccount(command, io, address),
    );
  withManual(show, { examples: ['./ringup account show alice@sip.example.com'], json: 'the account' });
}
