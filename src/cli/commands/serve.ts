import type { Command } from 'commander';
import { issueSetupLink } from '../../administration/first-administrator.ts';
import type { App } from '../../app.ts';
import { adviceOn } from '../../config/advice.ts';
import { listenUrl } from '../../config/public-url.ts';
import { databaseLocation } from '../../instance-database.ts';
import { standardOutput } from '../../lib/logger.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { settingsOf } from '../open-app.ts';

export function registerServe(program: Command, io: Io): void {
  const serve = program
    .command('serve')
    .description('Starts the server, which runs until SIGINT or SIGTERM.')
    .action(async (_options: unknown, command: Command) => serveUntilInterrupted(command, io));
  withManual(serve, { examples: ['ringup serve', 'ringup serve --env-file /etc/ringup.env'] });
}

async function serveUntilInterrupted(command: Command, io: Io): Promise<void> {
  const settings = settingsOf(command, io);
  const interrupted = io.interrupted();
  const output = standardOutput();
  try {
    // Imported here, so that other commands do not wait for an HTTP server that they do not need.
    const { startServing } = await import('../serving.ts');
    const running = await startServing(settings, output);
    try {
      await announce(running.app, io);
      await interrupted;
    } finally {
      await running.stop();
    }
  } finally {
    await output.close();
  }
}

async function announce(app: App, io: Io): Promise<void> {
  const { settings } = app;
  const where = settings.databaseUrl === null ? databaseLocation(settings) : 'PostgreSQL';
  io.err(`Ringup listens on ${listenUrl(settings.listen)}
  Phones use   ${app.publicUrl}/provisioning
  Manual       ${app.publicUrl}/api
  Database     ${where}
  Spaces       ${app.spaces.all.map((space) => space.domain).join(', ')}
`);
  for (const sentence of adviceOn(settings, app.spaces.all)) io.err(`  Note: ${sentence}\n`);
  for (const warning of app.linphonerc.warnings) io.err(`  Note: ${warning}\n`);
  const link = await issueSetupLink(app);
  if (link !== undefined) {
    io.err(
      `There is no administrator yet. This link creates the first one. It works once, within 24 hours:\n  ${link}\n`,
    );
  }
}
