import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withPasswordOptions } from '../options.ts';
import type { ExternalOptions } from '../work/external.ts';

const work = () => import('../work/external.ts');

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
    .option(
      '--auth-username <user>',
      'the user name for authentication, if the other service needs a different one; default: the user name',
    )
    .option('--realm <realm>', 'the realm of the other service; default: the domain')
    .option('--registrar <server>', 'a host, host:port or SIP URI; default: the domain')
    .option('--outbound-proxy <server>', 'a host, host:port or SIP URI')
    .option('--protocol <protocol>', 'UDP, TCP or TLS (default)')
    .action(async (address: string, options: ExternalOptions, command: Command) =>
      (await work()).set(command, io, address, options),
    );
  withManual(set, {
    examples: [
      './ringup external set alice --username 4420 --domain sip.provider.example --password-stdin --protocol UDP < secret',
      './ringup external set alice --username 200 --auth-username x7kQ2 --domain pbx.example.com --realm 3CXPhoneSystem --password-stdin < secret',
    ],
    json: 'the external account, without its credentials',
  });
}

function registerShow(external: Command, io: Io): void {
  const showOne = external
    .command('show <user[@domain]>')
    .description('Shows the external account, without its credentials.')
    .action(async (address: string, _options: unknown, command: Command) => (await work()).show(command, io, address));
  withManual(showOne, {
    examples: ['./ringup external show alice'],
    json: 'the external account, without its credentials',
  });
}

function registerClear(external: Command, io: Io): void {
  const clear = external
    .command('clear <user[@domain]>')
    .description('Unlinks the external account.')
    .action(async (address: string, _options: unknown, command: Command) => (await work()).clear(command, io, address));
  withManual(clear, { examples: ['./ringup external clear alice'], json: 'the account' });
}
