import type { Command } from 'commander';
import { createSpace } from '../../administration/create-space.ts';
import { removeSpace } from '../../administration/remove-space.ts';
import { updateSpace } from '../../administration/update-space.ts';
import type { App } from '../../app.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { logoOf } from '../../spaces/logo.ts';
import { settingEntries } from '../../spaces/setting-values.ts';
import type { Space } from '../../spaces/space.ts';
import { newSpaceShape, spaceChangesShape } from '../../spaces/space-fields.ts';
import { changedSpaceJson, spaceJson } from '../../views/space.ts';
import { getSpace } from '../account-at.ts';
import { confirm, type YesOption } from '../confirm.ts';
import { given, readFields } from '../fields.ts';
import type { Io } from '../io.ts';
import { lintOneSpace } from '../lint-sources.ts';
import { withApp } from '../open-app.ts';
import { lintWords } from '../output/lint-words.ts';
import { print, record, screenOf, table, wantsJson } from '../output/print.ts';

export interface NewSpaceOptions {
  readonly host?: string;
  readonly name?: string;
  readonly registrar?: string;
  readonly super?: boolean;
}

export function list(command: Command, io: Io): Promise<void> {
  return withApp(command, io, async ({ spaces }) => {
    const all = spaces.all.map(spaceJson);
    const row = ({ domain, host, name, super: isSuper, registrar }: (typeof all)[number]) => ({
      domain,
      host,
      name,
      super: isSuper,
      registrar,
    });
    print(command, io, all, (screen) => table(screen, all.map(row), 'There are no spaces.'));
  });
}

export function show(command: Command, io: Io, domain: string): Promise<void> {
  return withApp(command, io, (app) => showSpace({ command, io, app }, getSpace(app, domain)));
}

export function add(command: Command, io: Io, domain: string, options: NewSpaceOptions): Promise<void> {
  return withApp(command, io, async (app) => {
    const fields = requireShape(newSpaceShape, given({ domain, ...options }));
    await showSpace({ command, io, app }, await createSpace(app, operator, fields));
  });
}

export function set(command: Command, io: Io, domain: string, words: readonly string[]): Promise<void> {
  return withApp(command, io, async (app) => {
    const found = getSpace(app, domain);
    const fields = await readFields(spaceChangesShape.properties, words, (key) => defaultOf(key, found.domain));
    const updated = await updateSpace(app, operator, domain, requireShape(spaceChangesShape, fields));
    await showSpace({ command, io, app }, updated.space, updated.passwordsEnded);
  });
}

/** Returns the default of a setting as the API shows it. */
function defaultOf(key: string, domain: string): unknown {
  const setting = settingEntries.find(({ name }) => name === key)?.setting;
  return setting?.show(setting.defaultOf(domain), domain);
}

export type RemoveOptions = YesOption & { readonly withAccounts?: true };

export function remove(command: Command, io: Io, domain: string, options: RemoveOptions): Promise<void> {
  return withApp(command, io, async (app) => {
    const found = getSpace(app, domain);
    const accounts = options.withAccounts ? ' and all its accounts' : '';
    await confirm(io, options, `Delete the space ${found.domain}${accounts}?`);
    await removeSpace(app, operator, domain, { withAccounts: options.withAccounts ?? false });
    print(command, io, spaceJson(found), () => `Deleted the space ${found.domain}.\n`);
  });
}

/** Prints a space. The linter's findings in its linphonerc, which are `warnings` in the API, go to standard error. */
async function showSpace(
  { command, io, app }: { readonly command: Command; readonly io: Io; readonly app: App },
  space: Space,
  passwordsEnded: readonly string[] = [],
): Promise<void> {
  const report = await lintOneSpace(app.settings.linphonerc, space);
  const shown = changedSpaceJson(report.findings, { space, passwordsEnded });
  print(command, io, shown, (screen) => record(screen, { ...spaceJson(space), logo: logoWords(space) }));
  if (wantsJson(command)) return;
  if (report.findings.length > 0) io.err(lintWords(report, screenOf(command, io)));
  if (shown.passwords_ended !== undefined) io.err(`${endedWords(shown.passwords_ended)}\n`);
}

/** Returns what to print for a logo. The picture is left out, because a terminal cannot show it. */
function logoWords(space: Space): string | null {
  const logo = logoOf(space);
  if (logo === undefined) return null;
  const { type, width, height, bytes } = logo;
  return `${type}, ${width} × ${height} pixels, ${bytes.length} bytes`;
}

function endedWords(addresses: readonly string[]): string {
  return `These accounts have no password now, and get one with their next code: ${addresses.join(', ')}.`;
}
