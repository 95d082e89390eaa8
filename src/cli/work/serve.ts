import type { Command } from 'commander';
import { issueSetupLink } from '../../administration/first-administrator.ts';
import type { App } from '../../app.ts';
import { adviceOn } from '../../config/advice.ts';
import { listenUrl } from '../../config/public-url.ts';
import type { Settings } from '../../config/settings.ts';
import { databaseLocation } from '../../instance-database.ts';
import { standardOutput } from '../../lib/logger.ts';
import type { Io } from '../io.ts';
import { settingsOf } from '../open-app.ts';
import { startServing } from '../serving.ts';

export async function serve(command: Command, io: Io, options: { readonly lan?: true }): Promise<void> {
  const settings = settingsOf(command, io);
  const listen = { ...settings.listen, ...(options.lan ? { host: '0.0.0.0' } : {}) };
  await serveUntilInterrupted({ ...settings, listen }, io);
}

async function serveUntilInterrupted(settings: Settings, io: Io): Promise<void> {
  const interrupted = io.interrupted();
  const output = standardOutput();
  try {
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
  const link = await issueSetupLink(app);
  // In one write, so that a person or a script that waits for the address gets the link at the same time.
  io.err(
    [
      `Ringup listens on ${listenUrl(settings.listen)}`,
      `  Phones use   ${app.publicUrl}/provisioning`,
      `  Manual       ${app.publicUrl}/api`,
      `  Database     ${where}`,
      `  Spaces       ${app.spaces.all.map((space) => space.domain).join(', ')}`,
      ...[...adviceOn(settings, app.publicUrl, app.spaces.all), ...app.linphonerc.warnings].map(
        (note) => `  Note: ${note}`,
      ),
      ...(link === undefined
        ? []
        : [
            'There is no administrator yet. This link creates the first one. It works once, within 24 hours:',
            `  ${link}`,
          ]),
      '',
    ].join('\n'),
  );
}
