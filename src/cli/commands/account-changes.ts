import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { accountChangesShape } from '../../accounts/account-fields.ts';
import { changeAccountState, type StateChange } from '../../administration/account-state.ts';
import { deleteAccount } from '../../administration/delete-account.ts';
import { updateAccount } from '../../administration/update-account.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountJson } from '../../views/account.ts';
import { withAccount } from '../account-at.ts';
import { given, readFields } from '../fields.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { print } from '../output/print.ts';
import { showAccount } from '../output/show-account.ts';
import { givenOrNewPassword, type PasswordOptions, withPasswordOptions } from '../passwords.ts';

const states: Readonly<Record<StateChange, string>> = {
  activate: 'Activates an account: it can sign in and register, even if no phone has used its token yet.',
  deactivate:
    'Deactivates an account and revokes its tokens. It works again once a phone uses a new token. The user can still issue that token: to lock the user out, block the account.',
  block: 'Blocks an account and revokes its tokens. It does not work until you unblock it.',
  unblock: 'Unblocks an account.',
};

/** Registers the commands of `ringup account` that change an existing account. */
export function registerAccountChanges(account: Command, io: Io): void {
  const set = account
    .command('set <user[@domain]> <key=value...>')
    .description('Changes fields of an account. An empty value clears the field.')
    .action(async (address: string, words: string[], _options: unknown, command: Command) => {
      const fields = requireShape(accountChangesShape, await readFields(accountChangesShape.properties, words));
      await withAccount(command, io, address, async (app, found) => {
        showAccount(command, io, { ...found, account: await updateAccount(app, operator, found, fields) });
      });
    });
  withManual(set, {
    examples: ['ringup account set alice@sip.example.com display_name="Alice A." admin=true phone='],
    json: 'the changed account',
  });

  const password = withPasswordOptions(
    account
      .command('password <user[@domain]>')
      .description('Sets a new password. Without one, generates a random password.'),
  )
    .option('--algorithm <algorithm>', 'store it for SHA-256 or MD5 only; default: the algorithms of the old password')
    .action((address: string, options: PasswordOptions & { algorithm?: string }, command: Command) =>
      setPassword(command, io, address, options),
    );
  withManual(password, {
    examples: ['ringup account password alice@sip.example.com'],
    json: 'the account, and `password` if it was generated',
  });

  for (const change of ['activate', 'deactivate', 'block', 'unblock'] as const) {
    const command = account
      .command(`${change} <user[@domain]>`)
      .description(states[change])
      .action(async (address: string, _options: unknown, command: Command) => {
        await withAccount(command, io, address, async (app, found) => {
          const account = await changeAccountState(app, operator, found.account, change);
          showAccount(command, io, { ...found, account });
        });
      });
    withManual(command, {
      examples: [`ringup account ${change} alice@sip.example.com`],
      json: 'the changed account',
    });
  }

  const remove = account
    .command('delete <user[@domain]>')
    .description('Deletes an account and everything that belongs to it.')
    .action(async (address: string, _options: unknown, command: Command) => {
      await withAccount(command, io, address, async (app, found) => {
        await deleteAccount(app, operator, found.account);
        print(command, io, accountJson(found), () => `Deleted the account ${addressOf(found)}.\n`);
      });
    });
  withManual(remove, {
    examples: ['ringup account delete alice@sip.example.com'],
    json: 'the deleted account',
  });
}

async function setPassword(
  command: Command,
  io: Io,
  address: string,
  options: PasswordOptions & { algorithm?: string },
): Promise<void> {
  const { password, generated } = await givenOrNewPassword(options, io);
  const fields = requireShape(accountChangesShape, given({ password, algorithm: options.algorithm }));
  await withAccount(command, io, address, async (app, found) => {
    const account = await updateAccount(app, operator, found, fields);
    const json = { ...accountJson({ ...found, account }), ...(generated ? { password } : {}) };
    print(command, io, json, () => {
      const who = addressOf(found);
      const shown = generated
        ? `The new password of ${who}, shown only once: ${password}\n`
        : `${who} has a new password.\n`;
      return `${shown}Its phones need it too. Run \`ringup token issue ${who}\` for each of them.\n`;
    });
  });
}
