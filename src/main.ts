import { runCli } from './cli/cli.ts';
import { processIo } from './cli/io.ts';

// The launcher sets this variable for itself. It is not a setting.
delete process.env.RINGUP_RERUN;

// Writers handle failures themselves. Without a listener, a failure would end the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await runCli(process.argv.slice(2), processIo);

// Timers and connections of a hook must not keep the process alive. First, all output is passed on.
const patienceMs = 500;
process.stdout.write('', () => process.stderr.write('', () => setTimeout(() => process.exit(), patienceMs).unref()));
