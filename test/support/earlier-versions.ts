import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/config/load-config.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import type { Holdings } from './holdings.ts';
import type { Json } from './json.ts';
import { executeSql } from './postgres.ts';
import { tempDirectory } from './temp-directory.ts';

/** Where each earlier version has a folder; its README says what is in one. */
export const earlierVersionsFolder = join(import.meta.dirname, '../storage/earlier-versions');

export const earlierVersions: readonly string[] = readdirSync(earlierVersionsFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** A secret in plain text, and the account it belongs to: `alice@sip.example.test`. */
export interface Secret {
  readonly account: string;
  readonly secret: string;
}

/** What people and phones held when the database was left. */
export interface Secrets {
  readonly passwords: Secret[];
  /** `open`: never used. `ended`: used, revoked or expired. `repeatable`: used, but the phone has no answer. */
  readonly codes: Readonly<Record<'open' | 'ended' | 'repeatable', Secret[]>>;
  /** API keys: with all rights of their accounts, or with a user's. */
  readonly keys: Readonly<Record<'account' | 'user', Secret[]>>;
  /** Keys of devices; those that are revoked do not know it yet. */
  readonly deviceKeys: Readonly<Record<'working' | 'revoked', Secret[]>>;
  /** What older phones fetch: `/provisioning/me?device=…`. */
  readonly devicePaths: Secret[];
  /** Attached, not redeemed. */
  readonly authTokens: Secret[];
  readonly externalPasswords: (Secret & { readonly username: string; readonly realm: string })[];
  /** Each of the space of an account. */
  readonly turnSecrets: Secret[];
}

/** What one database held. */
export interface Facts {
  /** When it was left, in epoch milliseconds; codes and keys expire after that. */
  readonly leftAt: number;
  readonly secrets: Secrets;
  readonly holdings: Holdings;
  /** What SIP servers read, as `ringup export kamailio` prints it. */
  readonly credentials: Json;
}

/** Puts the database of an earlier version at `url`, and returns what it held and the settings it needs. */
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
