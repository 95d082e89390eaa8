import { type Command, Option } from 'commander';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import {
  clearExternalAccount,
  externalAccountShape,
  getExternalAccount,
  setExternalAccount,
} from '../../accounts/external-account.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountJson } from '../../views/account.ts';
import { externalAccountJson } from '../../views/external-account.ts';
import { accountAt, withAccount } from '../account-at.ts';
import { given } from '../fields.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { print, record } from '../output/print.ts';
import { givenPassword, type PasswordOptions, withPasswordOptions } from '../passwords.ts';

interface ExternalOptions extends PasswordOptions {
  readonly username: string;
  readonly domain: string;
  readonly ha1?: string;
  readonly algorithm?: string;
  readonly realm?: string;
  readonly registrar?: string;
  readonly outboundProxy?: string;
  readonly protocol?: string;
}

export function registerExternal(program: Command, io: Io): void {
  const external = program
    .command('external')
    .description('External accounts: accounts at other SIP services that phones register next to their own.');
  registerSet(external, io);
  registerShow(external, io);
  registerClear(external, io);
}

function registerSet(external: Command, io: Io): void {
  const set = withPasswordOptions(
    external
      .command('set <user[@domain]>')
      .description('Links an external account. Replaces the one that is linked, if there is one.')
      .requiredOption('--username <user>', 'the user name at the other service')
      .requiredOption('--domain <domain>', 'the SIP domain of the other service'),
  )
    .addOption(
      new Option('--ha1 <hex>', 'the HA1 instead of the password; needs --algorithm').conflicts([
        'password',
        'passwordStdin',
      ]),
    )
    .option('--algorithm <algorithm>', 'store the password for SHA-256 or MD5 only; default: both')
    .option('--realm <realm>', 'the realm of the other service; default: the domain')
    .option('--registrar <server>', 'a host, host:port or SIP URI; default: the domain')
    .option('--outbound-proxy <server>', 'a host, host:port or SIP URI')
    .option('--protocol <protocol>', 'UDP, TCP or TLS (default)')
    .action(async (address: string, options: ExternalOptions, command: Command) => {
      const { outboundProxy: outbound_proxy, password: _, passwordStdin: __, ...rest } = options;
      const words = { ...rest, outbound_proxy, password: await givenPassword(options, io) };
      const fields = requireShape(externalAccountShape, given(words));
      await withAccount(command, io, address, async (app, found) => {
        const { account } = await setExternalAccount(app, operator, found.account, fields);
        showExternal(command, io, { ...found, account });
      });
    });
  withManual(set, {
    examples: [
      'ringup external set alice --username 4420 --domain sip.provider.example --password-stdin --protocol UDP < secret',
    ],
    json: 'the external account, without its credentials',
  });
}

function registerShow(external: Command, io: Io): void {
  const showOne = external
    .command('show <user[@domain]>')
    .description('Shows the external account, without its credentials.')
    .action((address: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => showExternal(command, io, await accountAt(app, address))),
    );
  withManual(showOne, {
    examples: ['ringup external show alice'],
    json: 'the external account, without its credentials',
  });
}

function registerClear(external: Command, io: Io): void {
  const clear = external
    .command('clear <user[@domain]>')
    .description('Unlinks the external account.')
    .action(async (address: string, _options: unknown, command: Command) => {
      await withAccount(command, io, address, async (app, found) => {
        const account = await clearExternalAccount(app, operator, found);
        const words = () => `${addressOf(found)} no longer has an external account.\n`;
        print(command, io, accountJson({ ...found, account }), words);
      });
    });
  withManual(clear, { examples: ['ringup external clear alice'], json: 'the account' });
}

function showExternal(command: Command, io: Io, found: AccountInSpace): void {
  const json = externalAccountJson(getExternalAccount(found));
  print(command, io, json, () => record(json));
}
