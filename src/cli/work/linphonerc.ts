import type { Command } from 'commander';
import { restoreLinphonerc } from '../../administration/publish-linphonerc.ts';
import { operator } from '../../events/actor.ts';
import { getLinphonercVersion, linphonercVersions } from '../../spaces/linphonerc-versions.ts';
import { linphonercVersionJson } from '../../views/linphonerc-version.ts';
import { getSpace } from '../account-at.ts';
import type { Io } from '../io.ts';
import { lintOneSpace } from '../lint-sources.ts';
import { withApp } from '../open-app.ts';
import { lintWords } from '../output/lint-words.ts';
import { print, printUnwrapped, screenOf, table, wantsJson } from '../output/print.ts';

interface Chosen {
  readonly domain: string;
  /** The number of the version, as typed. */
  readonly version: string;
}

export function list(command: Command, io: Io, domain: string): Promise<void> {
  return withApp(command, io, async (app) => {
    const versions = (await linphonercVersions(app, getSpace(app, domain))).map(linphonercVersionJson);
    const rows = versions.map(({ number, at, actor }) => ({ version: number, published: new Date(at), by: actor }));
    print(command, io, versions, (screen) => table(screen, rows, 'This space has not published a linphonerc yet.'));
  });
}

export function show(command: Command, io: Io, { domain, version }: Chosen): Promise<void> {
  return withApp(command, io, async (app) => {
    const found = await getLinphonercVersion(app, getSpace(app, domain), version);
    if (!wantsJson(command)) printUnwrapped(io, found.text.endsWith('\n') ? found.text : `${found.text}\n`);
    else print(command, io, { ...linphonercVersionJson(found), linphonerc: found.text }, () => '');
  });
}

export function restore(command: Command, io: Io, { domain, version }: Chosen): Promise<void> {
  return withApp(command, io, async (app) => {
    const before = getSpace(app, domain);
    const { space } = await restoreLinphonerc(app, operator, before, version);
    const [newest] = await linphonercVersions(app, space);
    const isSame = space.linphonerc === before.linphonerc;
    const words = isSame
      ? `${domain} has the text of version ${version} now already: nothing was changed.\n`
      : `Published version ${version} of ${domain} again, as version ${newest?.number}.\n`;
    print(command, io, newest === undefined ? null : linphonercVersionJson(newest), () => words);
    const report = await lintOneSpace(app.settings.linphonerc, space);
    if (!wantsJson(command) && report.findings.length > 0) io.err(lintWords(report, screenOf(command, io)));
  });
}
