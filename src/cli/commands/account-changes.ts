import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { accountChangesShape } from '../../accounts/account-fields.ts';
import { changeAccountState, type StateChange } from '../../administration/account-state.ts';
import { deleteAccount } from '../../administration/delete-account.ts';
import { updateAccount } from '../../administration/update-account.ts';
import type { Device } from '../../devices/device.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountJson } from '../../views/account.ts';
import { newPasswordJson } from '../../views/new-password.ts';
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
  block:
    'Blocks an account, revokes its tokens, and ends the API keys that its users fetched for themselves. It does not work until you unblock it; then named keys and devices work again.',
  unblock: 'Unblocks an account.',
};

const revokesDevices = 'together with a new password: revoke the devices that would fetch it by their keys';

interface RevokeOptions {
  readonly revokeDevices?: true;
}

type NewPasswordOptions = PasswordOptions & RevokeOptions & { readonly algorithm?: string };

/** Registers the commands of `ringup account` that change an existing account. */
export function registerAccountChanges(account: Command, io: Io): void {
  const set = account
    .command('set <user[@domain]> <key=value...>')
    .description('Changes fields of an account. An empty value clears the field.')
    .option('--revoke-devices', revokesDevices)
    .action(async (address: string, words: string[], options: RevokeOptions, command: Command) => {
      const fields = requireShape(accountChangesShape, await readFields(accountChangesShape.properties, words));
      await withAccount(command, io, address, async (app, found) => {
        const { account, devices } = await updateAccount(app, operator, found, { ...fields, ...revoking(options) });
        showAccount(command, io, { ...found, account }, devices);
        io.err(followersInWords(addressOf(found), devices ?? []));
      });
    });
  withManual(set, {
    examples: ['ringup account set alice@sip.example.com display_name="Alice A." admin=true phone='],
    json: 'the changed account',
  });

  const password = withPasswordOptions(
    account
      .command('password <user[@domain]>')
      .description(
        'Sets a new password. Without one, generates a random password. Ends the API keys that users fetched for themselves, and lists the devices that fetch the new password by their keys.',
      ),
  )
    .option('--algorithm <algorithm>', 'store it for SHA-256 or MD5 only; default: the algorithms of the old password')
    .option('--revoke-devices', revokesDevices)
    .action((address: string, options: NewPasswordOptions, command: Command) =>
      setPassword(command, io, address, options),
    );
  withManual(password, {
    examples: [
      'ringup account password alice@sip.example.com',
      'ringup account password alice@sip.example.com --revoke-devices',
    ],
    json: 'the account with `devices`, and `password` if it was generated',
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

async function setPassword(command: Command, io: Io, address: string, options: NewPasswordOptions): Promise<void> {
  const { password, generated } = await givenOrNewPassword(options, io);
  const fields = requireShape(accountChangesShape, given({ password, algorithm: options.algorithm }));
  await withAccount(command, io, address, async (app, found) => {
    const updated = await updateAccount(app, operator, found, { ...fields, ...revoking(options) });
    const { account, devices = [] } = updated;
    const json = { ...newPasswordJson({ ...found, account }, devices), ...(generated ? { password } : {}) };
    print(command, io, json, () => {
      const who = addressOf(found);
      const shown = generated
        ? `The new password of ${who}, shown only once: ${password}\n`
        : `${who} has a new password.\n`;
      const others = `Its other phones need it too. Run \`ringup token issue ${who}\` for each of them.\n`;
      return `${shown}${followersInWords(who, devices)}${others}`;
    });
  });
}

function revoking({ revokeDevices }: RevokeOptions): { revoke_devices?: true } {
  return revokeDevices === undefined ? {} : { revoke_devices: revokeDevices };
}

/** Says which devices follow a new password, or were revoked together with the old one. */
function followersInWords(who: string, devices: readonly Device[]): string {
  return devices
    .map(({ id, name, revokedAt }) =>
      revokedAt === null
        ? `${name} (${id}) fetches the new password by its key. To stop it: \`ringup device revoke ${who} ${id}\`.\n`
        : `Revoked ${name} (${id}).\n`,
    )
    .join('');
}
