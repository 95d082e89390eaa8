import type { AccountInSpace } from '../accounts/account.ts';
import { readLinphonercFile } from '../config/linphonerc-file.ts';
import { accountTextName, lintAccount } from '../documents/lint-account.ts';
import { addedIdkeys, lintSpace, spaceTextName } from '../documents/lint-space.ts';
import { AppError } from '../errors.ts';
import type { Document } from '../lpconfig/document.ts';
import { loadKeyCatalogue } from '../lpconfig/key-catalogue.ts';
import { lintLinphonerc } from '../lpconfig/lint-linphonerc.ts';
import type { Finding } from '../lpconfig/lint-rules.ts';
import { readLinphonercBytes } from '../lpconfig/read-linphonerc.ts';
import type { Space } from '../spaces/space.ts';

/** The spaces and accounts whose linphonerc texts are checked. */
export interface OwnersOfTexts {
  readonly spaces: readonly Space[];
  /** Only accounts that have a linphonerc of their own. */
  readonly accounts: readonly AccountInSpace[];
}

/** The texts that were checked, and what was found in them. */
export interface LintReport {
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

/** Checks one text as if it were the instance's linphonerc. */
export async function lintFile(
  file: string,
  bytes: Uint8Array,
  audience: 'everybody' | 'account' = 'everybody',
): Promise<LintReport> {
  const catalogue = await loadKeyCatalogue();
  return { files: [file], findings: lintLinphonerc(bytes, { file, catalogue, audience, idkeys: addedIdkeys }) };
}

/** Checks the instance's linphonerc and the texts of spaces and accounts. Throws if the file cannot be read. */
export async function lintInstallation(
  linphonerc: string | null,
  { spaces, accounts }: OwnersOfTexts,
): Promise<LintReport> {
  const bytes = linphonerc === null ? undefined : readLinphonercFile(linphonerc);
  const instance = bytes === undefined || linphonerc === null ? nothing : await lintFile(linphonerc, bytes);
  const below: Document = bytes === undefined ? new Map() : readLinphonercBytes(bytes).document;
  return mergeReports([instance, await lintTexts({ spaces, accounts }, below)]);
}

/**
 * Checks one space's text on top of the instance's linphonerc. Leaves the latter out if it cannot be read, because
 * `./ringup check` reports that.
 */
export async function lintOneSpace(linphonerc: string | null, space: Space): Promise<LintReport> {
  return lintSpaces([space], linphonerc === null ? new Map() : documentIn(linphonerc));
}

function documentIn(linphonerc: string): Document {
  try {
    return readLinphonercBytes(readLinphonercFile(linphonerc)).document;
  } catch (error) {
    if (error instanceof AppError) return new Map();
    throw error;
  }
}

/** Checks one account's text on top of the texts of its space and the instance. */
export async function lintOneAccount(linphonerc: string | null, account: AccountInSpace): Promise<LintReport> {
  return lintAccounts([account], linphonerc === null ? new Map() : documentIn(linphonerc));
}

/** Checks the texts of spaces and accounts on top of the instance's linphonerc. */
export async function lintTexts({ spaces, accounts }: OwnersOfTexts, below: Document = new Map()): Promise<LintReport> {
  return mergeReports([await lintSpaces(spaces, below), await lintAccounts(accounts, below)]);
}

async function lintAccounts(accounts: readonly AccountInSpace[], below: Document): Promise<LintReport> {
  const withTexts = accounts.filter(({ account }) => account.linphonerc !== '');
  return mergeReports(
    await Promise.all(
      withTexts.map(async (found) => ({
        files: [accountTextName(found.account, found.space)],
        findings: await lintAccount(found, below),
      })),
    ),
  );
}

async function lintSpaces(spaces: readonly Space[], below: Document): Promise<LintReport> {
  const withTexts = spaces.filter((space) => space.linphonerc !== '');
  return mergeReports(
    await Promise.all(
      withTexts.map(async (space) => ({ files: [spaceTextName(space)], findings: await lintSpace(space, below) })),
    ),
  );
}

export function mergeReports(reports: readonly LintReport[]): LintReport {
  return {
    files: reports.flatMap(({ files }) => files),
    findings: reports.flatMap(({ findings }) => findings),
  };
}

const nothing: LintReport = { files: [], findings: [] };

/** Returns `file:line:column`, a form that editors can jump to. */
export function placeOf({ file = '', line = 1, column = 1 }: Finding): string {
  return `${file}:${line}:${column}`;
}
