import type { Command } from 'commander';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import { accountChangesShape } from '../../accounts/account-fields.ts';
import { blockAccount } from '../../administration/block-account.ts';
import { changeAccountState, type StateChange } from '../../administration/change-account-state.ts';
import { deleteAccount } from '../../administration/delete-account.ts';
import { updateAccount } from '../../administration/update-account.ts';
import type { App } from '../../app.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountJson } from '../../views/account.ts';
import { newPasswordJson } from '../../views/new-password.ts';
import { withAccount } from '../account-at.ts';
import { confirm, type YesOption } from '../confirm.ts';
import { given, readFields } from '../fields.ts';
import type { Io } from '../io.ts';
import { lintOneAccount } from '../lint-sources.ts';
import type { PasswordOptions } from '../options.ts';
import { followersInWords } from '../output/following-devices.ts';
import { lintWords } from '../output/lint-words.ts';
import { print, screenOf, wantsJson } from '../output/print.ts';
import { showAccount } from '../output/show-account.ts';
import { givenOrNewPassword } from '../passwords.ts';

export interface RevokeOptions {
  readonly revokeDevices?: true;
}

export interface SetOptions extends RevokeOptions {
  readonly address: string;
  /** Words of the form `KEY=VALUE`. */
  readonly words: readonly string[];
}

export type NewPasswordOptions = PasswordOptions & RevokeOptions & { readonly algorithm?: string };

export async function setFields(command: Command, io: Io, { address, words, ...options }: SetOptions): Promise<void> {
  const fields = requireShape(accountChangesShape, await readFields(accountChangesShape.properties, words));
  await withAccount(command, io, address, async (app, found) => {
    const { account, devices } = await updateAccount(app, operator, found, { ...fields, ...revoking(options) });
    showAccount(command, io, { ...found, account }, devices);
    if (fields.linphonerc !== undefined) await showWarnings(command, io, app, { ...found, account });
    io.err(followersInWords(addressOf(found), devices ?? []));
  });
}

export async function setPassword(
  command: Command,
  io: Io,
  address: string,
  options: NewPasswordOptions,
): Promise<void> {
  await withAccount(command, io, address, async (app, found) => {
    const { password, generated } = await givenOrNewPassword(options, io, found.space);
    const fields = requireShape(accountChangesShape, given({ password, algorithm: options.algorithm }));
    const updated = await updateAccount(app, operator, found, { ...fields, ...revoking(options) });
    const { account, devices = [] } = updated;
    const json = {
      ...newPasswordJson(accountJson({ ...found, account }), devices),
      ...(generated === undefined ? {} : { password }),
    };
    print(command, io, json, () => {
      const who = addressOf(found);
      const shown =
        generated !== undefined
          ? `The new password of ${who}, shown only once: ${password}\n`
          : `${who} has a new password.\n`;
      const others = `Its other phones need it too. Run \`./ringup token issue ${who}\` for each of them.\n`;
      return `${shown}${followersInWords(who, devices)}${others}`;
    });
  });
}

export function block(command: Command, io: Io, address: string, { revokeDevices }: RevokeOptions): Promise<void> {
  return withAccount(command, io, address, async (app, found) => {
    const blocked = await blockAccount(app, operator, found.account, { revokeDevices: revokeDevices ?? false });
    showAccount(command, io, { ...found, account: blocked.account }, blocked.devices);
    io.err(followersInWords(addressOf(found), blocked.devices));
  });
}

export function changeState(command: Command, io: Io, address: string, change: StateChange): Promise<void> {
  return withAccount(command, io, address, async (app, found) => {
    const account = await changeAccountState(app, operator, found.account, change);
    showAccount(command, io, { ...found, account });
  });
}

export function removeAccount(command: Command, io: Io, address: string, options: YesOption): Promise<void> {
  return withAccount(command, io, address, async (app, found) => {
    await confirm(io, options, `Delete the account ${addressOf(found)} and everything that belongs to it?`);
    await deleteAccount(app, operator, found.account);
    print(command, io, accountJson(found), () => `Deleted the account ${addressOf(found)}.\n`);
  });
}

function revoking({ revokeDevices }: RevokeOptions): { revoke_devices?: true } {
  return revokeDevices === undefined ? {} : { revoke_devices: revokeDevices };
}

/** Prints the linter's findings in the account's own text on standard error. */
async function showWarnings(command: Command, io: Io, app: App, found: AccountInSpace): Promise<void> {
  const report = await lintOneAccount(app.settings.linphonerc, found);
  if (report.findings.length > 0 && !wantsJson(command)) io.err(lintWords(report, screenOf(command, io)));
}
