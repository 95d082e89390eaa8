import { runCli } from './cli/cli.ts';
import { processIo } from './cli/io.ts';

// Made by the launcher for its own use; not a setting.
delete process.env.RINGUP_RERUN;

// Whoever writes learns of failures itself; without a listener, they would end the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await runCli(process.argv.slice(2), processIo);
