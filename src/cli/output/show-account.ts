import type { Command } from 'commander';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import type { ListedDevice } from '../../devices/device.ts';
import { accountJson } from '../../views/account.ts';
import { newPasswordJson } from '../../views/new-password.ts';
import type { Io } from '../io.ts';
import { print, record } from './print.ts';

/**
 * Prints an account with the fields of the API. The JSON also has the devices that receive a new password by
 * themselves.
 */
export function showAccount(
  command: Command,
  io: Io,
  { account, space }: AccountInSpace,
  devices?: readonly ListedDevice[],
): void {
  const json = newPasswordJson(accountJson({ account, space }), devices);
  // The first four are always empty in the API, for clients of FlexiAPI. The last two are printed in another form.
  const { call_forwardings: _, types: __, actions: ___, devices: ____, passwords, linphonerc, ...fields } = json;
  const { external } = account;
  const linked = external === null ? {} : { external: `${external.username}@${external.domain}` };
  const text = linphonerc === '' ? {} : { linphonerc };
  const words = { ...fields, passwords: passwords.map((each) => each.algorithm), ...text, ...linked };
  print(command, io, json, (screen) => record(screen, words));
}

/** Warns if the account cannot sign in yet. */
export function noteIfInactive(io: Io, { account, space }: AccountInSpace): void {
  if (account.activatedAt !== null) return;
  const address = addressOf({ account, space });
  io.err(
    `Note: ${address} is not activated and cannot sign in. ` +
      `Its phone's first fetch activates it, and so does \`./ringup account activate ${address}\`.\n`,
  );
}
