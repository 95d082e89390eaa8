import { runCli } from './cli/cli.ts';
import { processIo } from './cli/io.ts';

// Made by the launcher for its own use; not a setting.
delete process.env.RINGUP_RERUN;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read the output has had enough (`ringup account list | head`): no reason to complain.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`Standard output cannot be written: ${error.message}.\n`);
  process.exit(1);
});

process.exitCode = await runCli(process.argv.slice(2), processIo);
