import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/config/load-config.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import type { Holdings } from './holdings.ts';
import type { Json } from './json.ts';
import { executeSql } from './postgres.ts';
import { tempDirectory } from './temp-directory.ts';

/** Contains a folder for each earlier version. Its README describes the contents. */
export const earlierVersionsFolder = join(import.meta.dirname, '../storage/earlier-versions');

export const earlierVersions: readonly string[] = readdirSync(earlierVersionsFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** A secret in plain text, and its account: `alice@sip.example.test`. */
export interface Secret {
  readonly account: string;
  readonly secret: string;
}

/** The secrets that people and phones had when the database was saved. */
export interface Secrets {
  readonly passwords: Secret[];
  /**
   * `open`: never used. `ended`: used, revoked or expired. `repeatable`: used, but the phone did not get the answer.
   */
  readonly codes: Readonly<Record<'open' | 'ended' | 'repeatable', Secret[]>>;
  /** API keys: with all rights of their accounts, or with a user's. */
  readonly keys: Readonly<Record<'account' | 'user', Secret[]>>;
  /** Keys of devices. Revoked devices have not been told yet. */
  readonly deviceKeys: Readonly<Record<'working' | 'revoked', Secret[]>>;
  /** The paths that older phones fetch: `/provisioning/me?device=…`. */
  readonly devicePaths: Secret[];
  /** Auth tokens that are attached but not redeemed. */
  readonly authTokens: Secret[];
  readonly externalPasswords: (Secret & { readonly username: string; readonly realm: string })[];
  /** The TURN secret of the space of each account. */
  readonly turnSecrets: Secret[];
}

/** Facts about one saved database. */
export interface Facts {
  /** When the database was saved, in epoch milliseconds. Its codes and keys expire after that. */
  readonly leftAt: number;
  readonly secrets: Secrets;
  readonly holdings: Holdings;
  /** The credentials that SIP servers read, as `ringup export kamailio` prints them. */
  readonly credentials: Json;
}

/** Restores the database of an earlier version at `url`. Returns its facts, and the settings that it needs. */
export async function restoreEarlierVersion(
  version: string,
  url: string,
): Promise<{ facts: Facts; environment: Environment }> {
  const file = (name: string) => join(earlierVersionsFolder, version, name);
  const dialect = dialectOf(url);
  const dataDir = dialect === 'sqlite' ? dirname(url) : tempDirectory();
  copyFileSync(file('secret'), join(dataDir, 'secret'));
  if (dialect === 'sqlite') copyFileSync(file('ringup.sqlite'), url);
  else await executeSql(url, readFileSync(file('postgres.sql'), 'utf8'));
  const facts = JSON.parse(readFileSync(file('facts.json'), 'utf8'));
  return { facts: facts[dialect], environment: { RINGUP_DATA_DIR: dataDir } };
}
