import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/serve.ts');

export function registerServe(program: Command, io: Io): void {
  const serve = program
    .command('serve')
    .description('Starts the server, which runs until SIGINT or SIGTERM.')
    .option('--lan', 'listen on all addresses, so that phones on the network can reach it')
    .action(async (options: { lan?: true }, command: Command) => (await work()).serve(command, io, options));
  withManual(serve, {
    examples: ['./ringup serve', './ringup serve --lan', './ringup serve --env-file /etc/ringup.env'],
  });
}
