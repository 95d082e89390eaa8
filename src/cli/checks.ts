import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adviceOn } from '../config/advice.ts';
import { effectiveHooks } from '../config/hooks-file.ts';
import { secretComplaint } from '../config/secret.ts';
import type { Settings } from '../config/settings.ts';
import { quoteText } from '../errors/quote-text.ts';
import { loadHooks } from '../hooks/load-hooks.ts';
import { addressForCommands, type LastServer } from '../instance-address.ts';
import { inspectDatabase, missingDatabase, sqliteFileOf } from '../instance-database.ts';
import { damagedFiles } from '../jobs/unwritten.ts';
import { folderFailure } from '../lib/make-folder.ts';
import { isPattern } from '../lib/match-pattern.ts';
import { isReadableByGroup } from '../lib/private-file.ts';
import type { Space } from '../spaces/space.ts';
import { explain } from './explain.ts';
import { type LintReport, lintInstallation, lintTexts, type OwnersOfTexts, placeOf } from './lint-sources.ts';

/** What a check found in one part of the installation, as sentences. */
export interface Finding {
  readonly wrong: readonly string[];
  /** Valid settings that are probably a mistake. */
  readonly unwise: readonly string[];
  /** Set if there is nothing to check, because no file is set. */
  readonly unset?: true;
}

export type Findings = Readonly<Record<'settings' | 'linphonerc' | 'hooks' | 'database' | 'files', Finding>>;

/** Checks everything that the valid settings allow. Changes nothing and never throws. */
export async function checkAll(settings: Partial<Settings>, ofSettings: Finding): Promise<Findings> {
  const { spaces, accounts, server, ...database } = await checkDatabase(settings);
  const advice = isWhole(settings, ofSettings.wrong) ? adviceFor(settings, server, spaces) : [];
  return {
    settings: { wrong: ofSettings.wrong, unwise: [...ofSettings.unwise, ...advice] },
    linphonerc: await checkLinphonerc(settings, { spaces, accounts }),
    hooks: await checkHooks(settings),
    database,
    files: checkFiles(settings),
  };
}

function adviceFor(settings: Settings, server: LastServer | undefined, spaces: readonly Space[]): string[] {
  return adviceOn(settings, addressForCommands(settings, server).publicUrl, spaces);
}

function isWhole(_settings: Partial<Settings>, mistakes: readonly string[]): _settings is Settings {
  return mistakes.length === 0;
}

/**
 * Returns what is wrong with the database. If it is up to date, also returns its spaces, the accounts with a linphonerc
 * text, and the last server.
 */
export async function checkDatabase({
  databaseUrl,
  dataDir,
}: Partial<Settings>): Promise<Finding & OwnersOfTexts & { server: LastServer | undefined }> {
  const nothing = { wrong: [], unwise: [], spaces: [], accounts: [], server: undefined };
  if (databaseUrl === undefined || dataDir === undefined) return { ...nothing, unwise: [notChecked] };
  const settings = { databaseUrl, dataDir };
  try {
    const missing = missingDatabase(settings);
    if (missing?.code === 'folder-unusable') return { ...nothing, wrong: [missing.message] };
    if (missing !== undefined) return { ...nothing, wrong: whyNotMade(dataDir), unwise: [missing.message] };
    const { pending, spaces, accounts, server } = await inspectDatabase(settings);
    if (pending.length === 0) return { ...nothing, wrong: unreadablePatterns(spaces), spaces, accounts, server };
    const lacks = `The database lacks ${pending.join(', ')}. Apply the pending migrations with \`./ringup migrate\` or \`./ringup serve\`.`;
    return { ...nothing, unwise: [lacks] };
  } catch (error) {
    return { ...nothing, wrong: reasons(error) };
  }
}

/** Finds patterns that an earlier version stored and this one cannot read. */
function unreadablePatterns(spaces: readonly Space[]): string[] {
  return spaces
    .filter(({ usernamePattern }) => !isPattern(usernamePattern))
    .map(
      ({ domain, usernamePattern }) =>
        `${domain}: the username_pattern ${quoteText(usernamePattern)} looks ahead or back, so that no new name is accepted. Change it with \`./ringup space set ${domain} username_pattern=…\`.`,
    );
}

async function checkLinphonerc({ linphonerc }: Partial<Settings>, owners: OwnersOfTexts): Promise<Finding> {
  if (linphonerc === undefined) {
    const { wrong, unwise } = sentences(await lintTexts(owners));
    return { wrong, unwise: [notChecked, ...unwise] };
  }
  try {
    const report = await lintInstallation(linphonerc, owners);
    const told = sentences(report);
    const isUnset = linphonerc === null && report.files.length === 0;
    return isUnset ? { ...told, unset: true } : told;
  } catch (error) {
    const { wrong, unwise } = sentences(await lintTexts(owners));
    return { wrong: [...reasons(error), ...wrong], unwise };
  }
}

/** Turns findings into sentences. Leaves out notes, because nothing has to be done about them. */
function sentences({ findings }: LintReport): Finding {
  const told = findings.map((each) => ({
    ...each,
    text: `${placeOf(each)}: ${inSection(each)}${each.message} (${each.rule})`,
  }));
  return {
    wrong: told.filter(({ severity }) => severity === 'error').map(({ text }) => text),
    unwise: told.filter(({ severity }) => severity === 'warning').map(({ text }) => text),
  };
}

/** Returns the section to print before a message, because a key means little without its section. */
function inSection({ section }: LintReport['findings'][number]): string {
  return section === undefined ? '' : `[${section}] `;
}

async function checkHooks({ hooks, dataDir }: Partial<Settings>): Promise<Finding> {
  if (hooks === undefined || dataDir === undefined) return { wrong: [], unwise: [notChecked] };
  const file = effectiveHooks({ hooks, dataDir });
  try {
    if (file === undefined) return { wrong: [], unwise: [], unset: true };
    await loadHooks(file);
    return { wrong: [], unwise: [] };
  } catch (error) {
    return { wrong: reasons(error), unwise: [] };
  }
}

/**
 * Returns what is wrong with the secret, who else can read the database, and which records of earlier servers are
 * damaged.
 */
function checkFiles({ secret, databaseUrl, dataDir }: Partial<Settings>): Finding {
  if (secret === undefined || databaseUrl === undefined || dataDir === undefined) {
    return { wrong: [], unwise: [notChecked] };
  }
  const file = sqliteFileOf({ databaseUrl, dataDir });
  const failure = folderFailure(dataDir, 'RINGUP_DATA_DIR');
  // On SQLite, the check of the database has already reported this.
  if (failure !== undefined) return { wrong: file === undefined ? [failure.message] : [], unwise: [] };
  try {
    const complaint = secret === null ? secretComplaint({ dataDir }) : undefined;
    const isShared = file !== undefined && isReadableByGroup(file);
    const shared = `The group of ${file} may read it, with all HA1s. This is right only if a SIP server needs it.`;
    return {
      wrong: complaint === undefined ? [] : [complaint],
      unwise: [...(isShared ? [shared] : []), ...damagedFiles(dataDir).map((name) => setAside(join(dataDir, name)))],
    };
  } catch (error) {
    return { wrong: reasons(error), unwise: [] };
  }
}

function setAside(file: string): string {
  return `${file} is damaged: what a server could not write down before it stopped is not in the database. Remove the file once you know why.`;
}

const notChecked = 'Not checked, because the setting that says where it is has a mistake.';

function reasons(error: unknown): string[] {
  return explain(error).message.trim().split('\n');
}

/** Returns why a missing folder cannot be created or written to. */
function whyNotMade(folder: string): string[] {
  if (!existsSync(folder)) return whyNotMade(dirname(folder));
  accessSync(folder, constants.W_OK);
  return [];
}
