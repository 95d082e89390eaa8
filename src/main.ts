import { runCli } from './cli/cli.ts';
import { processIo } from './cli/io.ts';

// Made by the launcher for its own use; not a setting.
delete process.env.RINGUP_RERUN;

// Whoever read the output has had enough (`ringup account list | head`): no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), processIo);
