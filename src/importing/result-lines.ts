import type { Account } from '../accounts/account.ts';
import { findAccount } from '../accounts/account-store.ts';
import { csvLine } from '../lib/write-csv.ts';
import { sipUri } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';
import { type OpenCodeContext, openCodeOf } from '../tokens/open-code.ts';
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

const rowsAtOnce = 200;
/** Empty cells for accounts without a code, so that all rows have the same length. */
const noCode: readonly string[] = ['', ''];

/**
 * Yields a table with the result of each row. New accounts have the address of their code. `generated` contains
 * the passwords by the positions of their rows, if the caller has them.
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
    const rows = await rowsOfImport(context, found, { after, limit: rowsAtOnce });
    const last = rows.at(-1);
    if (last === undefined) return;
    for (const row of rows) yield csvLine(await resultOf(context, space, row, generated.get(row.position)?.password));
    after = last.position;
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

async function resultOf(
  context: OpenCodeContext,
  space: Space,
  { decision, fields, accountId, writtenAt }: ImportRow,
  password = '',
): Promise<string[]> {
  const account = accountId === null ? undefined : await findAccount(context.database, accountId);
  const username = account?.username ?? fields?.username ?? '';
  const isWritten = decision === 'refused' || writtenAt !== null;
  const status = decision === undefined || !isWritten ? '' : statuses[decision];
  const code = decision === 'create' && account !== undefined ? await codeOf(context, space, account) : noCode;
  return [username, username === '' ? '' : sipUri(username, space.domain), status, password, ...code];
}

async function codeOf(context: OpenCodeContext, space: Space, account: Account): Promise<readonly string[]> {
  const code = await openCodeOf(context, { account, space });
  if (code?.url === undefined) return noCode;
  const { expiresAt } = code.token;
  return [code.url, expiresAt === null ? '' : new Date(expiresAt).toISOString()];
}
