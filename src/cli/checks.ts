import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { adviceOn } from '../config/advice.ts';
import { effectiveHooks } from '../config/hooks-file.ts';
import type { Settings } from '../config/settings.ts';
import { loadHooks } from '../hooks/load-hooks.ts';
import { inspectDatabase, sqliteFileOf } from '../instance-database.ts';
import type { Space } from '../spaces/space.ts';
import { explain } from './explain.ts';
import { type LintReport, lintInstallation, lintSpaces, placeOf } from './lint-sources.ts';

/** What was found out about one part of the installation: sentences. */
export interface Finding {
  readonly wrong: readonly string[];
  /** Allowed, but worth a thought. */
  readonly unwise: readonly string[];
  /** There is no such file to look at, as none is set. */
  readonly unset?: true;
}

export type Findings = Readonly<Record<'settings' | 'linphonerc' | 'hooks' | 'database', Finding>>;

/** Looks at everything that can be looked at, with whatever settings are right. Changes nothing, throws nothing. */
export async function checkAll(settings: Partial<Settings>, mistakes: readonly string[]): Promise<Findings> {
  const { spaces, ...database } = await checkDatabase(settings);
  return {
    settings: { wrong: mistakes, unwise: isWhole(settings, mistakes) ? adviceOn(settings, spaces) : [] },
    linphonerc: await checkLinphonerc(settings, spaces),
    hooks: await checkHooks(settings),
    database,
  };
}

function isWhole(_settings: Partial<Settings>, mistakes: readonly string[]): _settings is Settings {
  return mistakes.length === 0;
}

/** What is wrong with the database, and the spaces in it where nothing is. */
export async function checkDatabase({
  databaseUrl,
  dataDir,
}: Partial<Settings>): Promise<Finding & { spaces: Space[] }> {
  const nothing = { wrong: [], unwise: [], spaces: [] };
  if (databaseUrl === undefined || dataDir === undefined) return { ...nothing, unwise: [notLookedAt] };
  const settings = { databaseUrl, dataDir };
  const file = sqliteFileOf(settings);
  try {
    if (file !== undefined && !existsSync(file)) return { ...nothing, wrong: whyNotMade(dirname(file)) };
    const { pending, spaces } = await inspectDatabase(settings);
    if (pending.length === 0) return { ...nothing, spaces };
    const lacks = `The database lacks ${pending.join(', ')}: \`ringup migrate\` applies it, and so does \`ringup serve\`.`;
    return { ...nothing, unwise: [lacks] };
  } catch (error) {
    return { ...nothing, wrong: reasons(error) };
  }
}

async function checkLinphonerc({ linphonerc }: Partial<Settings>, spaces: readonly Space[]): Promise<Finding> {
  if (linphonerc === undefined) {
    const { wrong, unwise } = sentences(await lintSpaces(spaces));
    return { wrong, unwise: [notLookedAt, ...unwise] };
  }
  try {
    const told = sentences(await lintInstallation(linphonerc, spaces));
    return linphonerc === null ? { ...told, unset: true } : told;
  } catch (error) {
    const { wrong, unwise } = sentences(await lintSpaces(spaces));
    return { wrong: [...reasons(error), ...wrong], unwise };
  }
}

function sentences({ findings }: LintReport): Finding {
  const told = findings.map((each) => ({ ...each, text: `${placeOf(each)}: ${each.message} (${each.rule})` }));
  return {
    wrong: told.filter(({ severity }) => severity === 'error').map(({ text }) => text),
    unwise: told.filter(({ severity }) => severity !== 'error').map(({ text }) => text),
  };
}

async function checkHooks({ hooks, dataDir }: Partial<Settings>): Promise<Finding> {
  if (hooks === undefined || dataDir === undefined) return { wrong: [], unwise: [notLookedAt] };
  const file = effectiveHooks({ hooks, dataDir });
  try {
    if (file === undefined) return { wrong: [], unwise: [], unset: true };
    await loadHooks(file);
    return { wrong: [], unwise: [] };
  } catch (error) {
    return { wrong: reasons(error), unwise: [] };
  }
}

const notLookedAt = 'Not looked at: the setting that says where it is, is wrong.';

function reasons(error: unknown): string[] {
  return explain(error).message.trim().split('\n');
}

/** What keeps a folder, which is not there yet, from being made and written to. */
function whyNotMade(folder: string): string[] {
  if (!existsSync(folder)) return whyNotMade(dirname(folder));
  if (!statSync(folder).isDirectory()) return [`${folder} is not a folder: RINGUP_DATA_DIR has to be one.`];
  accessSync(folder, constants.W_OK);
  return [];
}
