import type { Command } from 'commander';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import { clearExternalAccount, getExternalAccount, setExternalAccount } from '../../accounts/external-account.ts';
import { externalAccountShape } from '../../accounts/external-account-fields.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountJson } from '../../views/account.ts';
import { externalAccountJson } from '../../views/external-account.ts';
import { accountAt, withAccount } from '../account-at.ts';
import { given } from '../fields.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import type { PasswordOptions } from '../options.ts';
import { print, record } from '../output/print.ts';
import { givenPassword } from '../passwords.ts';

export interface ExternalOptions extends PasswordOptions {
  readonly username: string;
  readonly domain: string;
  readonly ha1?: string;
  readonly algorithm?: string;
  readonly realm?: string;
  readonly registrar?: string;
  readonly authUsername?: string;
  readonly outboundProxy?: string;
  readonly protocol?: string;
}

export async function set(command: Command, io: Io, address: string, options: ExternalOptions): Promise<void> {
  const { outboundProxy, authUsername, password: _, passwordStdin: __, ...rest } = options;
  const renamed = { outbound_proxy: outboundProxy, auth_username: authUsername };
  const words = { ...rest, ...renamed, password: await givenPassword(options, io) };
  const fields = requireShape(externalAccountShape, given(words));
  await withAccount(command, io, address, async (app, found) => {
    const { account } = await setExternalAccount(app, operator, found.account, fields);
    showExternal(command, io, { ...found, account });
  });
}

export function show(command: Command, io: Io, address: string): Promise<void> {
  return withApp(command, io, async (app) => showExternal(command, io, await accountAt(app, address)));
}

export function clear(command: Command, io: Io, address: string): Promise<void> {
  return withAccount(command, io, address, async (app, found) => {
    const account = await clearExternalAccount(app, operator, found);
    const words = () => `${addressOf(found)} no longer has an external account.\n`;
    print(command, io, accountJson({ ...found, account }), words);
  });
}

function showExternal(command: Command, io: Io, found: AccountInSpace): void {
  const json = externalAccountJson(getExternalAccount(found));
  print(command, io, json, (screen) => record(screen, json));
}
