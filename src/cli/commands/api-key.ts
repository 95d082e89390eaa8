import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { KeyOptions } from '../work/api-key.ts';

const work = () => import('../work/api-key.ts');

export function registerApiKey(program: Command, io: Io): void {
  const apiKey = program.command('api-key').description('API keys. Each has the rights of its account.');

  const create = apiKey
    .command('create <user[@domain]>')
    .description('Creates an API key and shows it. It cannot be shown again.')
    .option('--name <name>', 'what the key is for')
    .option('--expires <duration>', 'how long it is valid, such as 30d, or never (default)')
    .option('--bound-address <address>', 'the only IP address from which it is valid; for IPv6, its /64')
    .action(async (address: string, options: KeyOptions, command: Command) =>
      (await work()).createKey(command, io, address, options),
    );
  withManual(create, {
    examples: ['./ringup api-key create admin@sip.example.com --name backup --expires 90d'],
    json: 'the key with its `account` and the secret, `api_key`',
  });

  const list = apiKey
    .command('list [user[@domain]]')
    .description('Lists the API keys of an account, or all of them, without their secrets.')
    .action(async (address: string | undefined, _options: unknown, command: Command) =>
      (await work()).listKeys(command, io, address),
    );
  withManual(list, {
    examples: ['./ringup api-key list', './ringup api-key list admin@sip.example.com --json'],
    json: 'a list of keys, without their secrets',
  });

  const revoke = apiKey
    .command('revoke <id>')
    .description('Revokes an API key immediately. `./ringup api-key list` shows the ids.')
    .action(async (id: string, _options: unknown, command: Command) => (await work()).revokeKey(command, io, id));
  withManual(revoke, { examples: ['./ringup api-key revoke 3'], json: 'the revoked key' });
}
