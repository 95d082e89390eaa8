import { runCli } from './cli/cli.ts';
import { processIo } from './cli/io.ts';

// Made by the launcher for its own use; not a setting.
delete process.env.RINGUP_RERUN;

process.exitCode = await runCli(process.argv.slice(2), processIo);
