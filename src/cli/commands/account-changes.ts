import type { Command } from 'commander';
import type { StateChange } from '../../administration/change-account-state.ts';
import { withYesOption, type YesOption } from '../confirm.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withPasswordOptions } from '../options.ts';
import type { NewPasswordOptions, RevokeOptions } from '../work/account-changes.ts';
import { accountKeys } from './keys.ts';

const work = () => import('../work/account-changes.ts');

const states: Readonly<Record<StateChange | 'block', string>> = {
  activate: 'Activates an account: it can sign in and register, even if no phone has used its token yet.',
  deactivate:
    'Deactivates an account, revokes its tokens and ends its sessions. It works again once a phone uses a new token. Its user can still issue one: to lock the user out, block the account.',
  block:
    'Blocks an account, revokes its tokens, and ends its sessions and the API keys that its user fetched. Nothing of the account works until you unblock it; then named keys and devices work again.',
  unblock: 'Unblocks an account.',
};

const revokesDevices = 'together with a new password: revoke all devices of the account';

/** Registers the commands of `./ringup account` that change an existing account. */
export function registerAccountChanges(account: Command, io: Io): void {
  registerSet(account, io);
  registerPassword(account, io);
  registerBlock(account, io);
  registerStateChanges(account, io);
  registerDelete(account, io);
}

function registerSet(account: Command, io: Io): void {
  const set = account
    .command('set <user[@domain]> <key=value...>')
    .description(
      'Changes fields of an account. An empty value clears the field. linphonerc=@FILE reads its own text from a file.',
    )
    .option('--revoke-devices', revokesDevices)
    .action(async (address: string, words: string[], options: RevokeOptions, command: Command) =>
      (await work()).setFields(command, io, { ...options, address, words }),
    );
  withManual(set, {
    examples: [
      './ringup account set alice@sip.example.com display_name="Alice A." admin=true phone=',
      './ringup account set alice linphonerc=@alice.rc',
    ],
    json: 'the changed account',
    keys: { names: accountKeys, page: 'docs/commands.md' },
  });
}

function registerPassword(account: Command, io: Io): void {
  const password = withPasswordOptions(
    account
      .command('password <user[@domain]>')
      .description(
        'Sets a new password. A password that you give needs at least `password_min_length` characters; commands ask no more of an administrator. Without one, a random password of at least 22 characters is generated. Ends the API keys that the user fetched, and lists the devices that will fetch the new password with their keys.',
      ),
  )
    .option('--algorithm <algorithm>', 'store it for SHA-256 or MD5 only; default: the algorithms of the old password')
    .option('--revoke-devices', revokesDevices)
    .action(async (address: string, options: NewPasswordOptions, command: Command) =>
      (await work()).setPassword(command, io, address, options),
    );
  withManual(password, {
    examples: [
      './ringup account password alice@sip.example.com',
      './ringup account password alice@sip.example.com --revoke-devices',
    ],
    json: 'the account with `devices`, and `password` if it was generated',
  });
}

function registerBlock(account: Command, io: Io): void {
  const block = account
    .command('block <user[@domain]>')
    .description(states.block)
    .option('--revoke-devices', 'revoke all devices of the account too: each removes the account at its next fetch')
    .action(async (address: string, options: RevokeOptions, command: Command) =>
      (await work()).block(command, io, address, options),
    );
  withManual(block, {
    examples: ['./ringup account block alice@sip.example.com --revoke-devices'],
    json: 'the changed account with `devices`, those that were revoked',
  });
}

function registerStateChanges(account: Command, io: Io): void {
  for (const change of ['activate', 'deactivate', 'unblock'] as const) {
    const command = account
      .command(`${change} <user[@domain]>`)
      .description(states[change])
      .action(async (address: string, _options: unknown, command: Command) =>
        (await work()).changeState(command, io, address, change),
      );
    withManual(command, {
      examples: [`./ringup account ${change} alice@sip.example.com`],
      json: 'the changed account',
    });
  }
}

function registerDelete(account: Command, io: Io): void {
  const remove = withYesOption(
    account
      .command('delete <user[@domain]>')
      .description('Deletes an account and everything that belongs to it. Asks first.'),
  ).action(async (address: string, options: YesOption, command: Command) =>
    (await work()).removeAccount(command, io, address, options),
  );
  withManual(remove, {
    examples: ['./ringup account delete alice@sip.example.com', './ringup account delete alice@sip.example.com --yes'],
    json: 'the deleted account',
  });
}
