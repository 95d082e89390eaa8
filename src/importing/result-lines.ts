import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Account } from '../accounts/account.ts';
import { findAccounts } from '../accounts/account-store.ts';
import { rowsEachTurn } from '../lib/parts-in-turns.ts';
import { csvLine } from '../lib/write-csv.ts';
import { sipUri } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';
import { type OpenCode, type OpenCodeContext, openCodesOf } from '../tokens/open-code.ts';
import type { DecisionKind, Import, ImportRow } from './import.ts';
import type { ImportContext } from './import-context.ts';
import { rowsOfImport } from './look-at-import.ts';

export const resultColumns = ['username', 'sip_uri', 'status', 'password', 'provisioning_url', 'expires_at'] as const;

const statuses = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
  skipped: 'skipped',
  refused: 'refused',
} as const satisfies Record<DecisionKind, string>;

/** Empty cells for accounts without a code, so that all rows have the same length. */
const noCode: readonly string[] = ['', ''];

/**
 * Yields a table with the result of each row, some rows at a time. New accounts have the address of their code.
 * `generated` contains the passwords by the positions of their rows, if the caller has them.
 */
export async function* resultLines(
  context: ImportContext & OpenCodeContext,
  found: Import,
  generated: ReadonlyMap<number, GeneratedPassword> = new Map(),
): AsyncGenerator<string> {
  yield csvLine(resultColumns);
  const space = context.spaces.getById(found.spaceId);
  let after = 0;
  for (;;) {
    const rows = await rowsOfImport(context, found, { after, limit: rowsEachTurn });
    const last = rows.at(-1);
    if (last === undefined) return;
    const results = await resultsOf(context, space, rows);
    yield results.map((result) => csvLine(cellsOf(space, result, generated))).join('');
    after = last.position;
    // SQLite answers synchronously, so other requests would have to wait for all rows.
    await nextTurn();
  }
}

/** A password that was generated for a new account. */
export interface GeneratedPassword {
  readonly username: string;
  readonly password: string;
}

/** Yields the same table with new accounts only, and without codes. It needs no database, for when that fails. */
export function* passwordLines(space: Space, generated: Iterable<GeneratedPassword>): Generator<string> {
  yield csvLine(resultColumns);
  for (const { username, password } of generated) {
    yield csvLine([username, sipUri(username, space.domain), statuses.create, password, ...noCode]);
  }
}

/** What became of a row: its account, and the valid code of a new one. */
interface Result {
  readonly row: ImportRow;
  readonly account: Account | undefined;
  readonly code: OpenCode | undefined;
}

async function resultsOf(context: OpenCodeContext, space: Space, rows: readonly ImportRow[]): Promise<Result[]> {
  const ids = new Set(rows.map(({ accountId }) => accountId).filter((id) => id !== null));
  const accounts = await findAccounts(context.database, [...ids]);
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const created = new Set(rows.filter(isCreated).map(({ accountId }) => accountId));
  const withCodes = accounts.filter(({ id }) => created.has(id)).map((account) => ({ account, space }));
  const codes = await openCodesOf(context, withCodes);
  return rows.map((row) => {
    const account = byId.get(row.accountId ?? 0);
    return { row, account, code: account && isCreated(row) ? codes.get(account.id) : undefined };
  });
}

function isCreated({ decision }: ImportRow): boolean {
  return decision === 'create';
}

function cellsOf(
  space: Space,
  { row: { decision, fields, writtenAt, position }, account, code }: Result,
  generated: ReadonlyMap<number, GeneratedPassword>,
): string[] {
  const username = account?.username ?? fields?.username ?? '';
  const isWritten = decision === 'refused' || writtenAt !== null;
  const status = decision === undefined || !isWritten ? '' : statuses[decision];
  const password = generated.get(position)?.password ?? '';
  return [username, username === '' ? '' : sipUri(username, space.domain), status, password, ...codeCells(code)];
}

function codeCells(code: OpenCode | undefined): readonly string[] {
  if (code?.url === undefined) return noCode;
  const { expiresAt } = code.token;
  return [code.url, expiresAt === null ? '' : new Date(expiresAt).toISOString()];
}
