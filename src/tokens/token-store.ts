import type { Account } from '../accounts/account.ts';
import { accountColumns, accountOf, ha1Columns } from '../accounts/account-row.ts';
import { rows } from '../storage/database.ts';
import { type Step, statement, step } from '../storage/statement.ts';
import type { Db } from '../storage/tables.ts';
import type { Client, Outcome, Token, TokenKind } from './token.ts';

const tokenColumns = [
  'tokens.id as token_id',
  'tokens.created_at as token_created_at',
  'tokens.expires_at',
  'tokens.revoked_at',
  'tokens.claimed_at',
  'tokens.outcome',
  'tokens.boot_id',
  'tokens.attempts',
  'tokens.client_address',
  'tokens.client_agent',
] as const;

const byHash = statement<{ kind: string; hash: string }>()((db, at) =>
  db
    .selectFrom('tokens')
    .innerJoin('accounts', 'accounts.id', 'tokens.account_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('tokens.token_hash', '=', at.hash)
    .where('tokens.kind', '=', at.kind)
    .select([...accountColumns, ...tokenColumns]),
);

interface TokenRow {
  token_id: number;
  token_created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  claimed_at: number | null;
  outcome: string | null;
  boot_id: string | null;
  attempts: number;
  client_address: string | null;
  client_agent: string | null;
}

/** The token with the account it stands for, in one prepared look-up. */
export async function findToken(
  db: Db,
  kind: TokenKind,
  hash: string,
): Promise<{ token: Token; account: Account } | undefined> {
  const [row] = await rows(db, byHash, { kind, hash });
  return row === undefined ? undefined : { token: tokenOf(row), account: accountOf(row) };
}

function tokenOf(row: TokenRow): Token {
  return {
    id: row.token_id,
    createdAt: row.token_created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    claimedAt: row.claimed_at,
    outcome: row.outcome as Outcome | null,
    bootId: row.boot_id,
    attempts: row.attempts,
    clientAddress: row.client_address,
    clientAgent: row.client_agent,
  };
}

/** Answers its id. */
export async function insertToken(
  db: Db,
  token: {
    kind: TokenKind;
    hash: string;
    accountId: number | null;
    createdAt: number;
    expiresAt: number | null;
    prefix?: string;
    issuer?: string;
  },
): Promise<number> {
  const { id } = await db
    .insertInto('tokens')
    .values({
      kind: token.kind,
      token_hash: token.hash,
      prefix: token.prefix ?? null,
      issuer: token.issuer ?? null,
      account_id: token.accountId,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Ends the account's tokens of that kind, or of all kinds; answers how many were open. */
export async function revokeTokens(db: Db, accountId: number, now: number, kind?: TokenKind): Promise<number> {
  const open = db
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null);
  const { numUpdatedRows } = await (kind === undefined ? open : open.where('kind', '=', kind)).executeTakeFirst();
  return Number(numUpdatedRows);
}

export async function revokeToken(db: Db, id: number, now: number): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
}

const claimAccount = statement<{
  id: number;
  version: number;
  activatedAt: number | null;
  sha256: string | null;
  md5: string | null;
  updatedAt: number;
}>()((db, at) =>
  db
    .updateTable('accounts')
    .set((row) => ({
      activated_at: at.activatedAt,
      ha1_sha256: at.sha256,
      ha1_md5: at.md5,
      updated_at: at.updatedAt,
      version: row('version', '+', 1),
    }))
    .where('id', '=', at.id)
    .where('version', '=', at.version)
    .where('blocked_at', 'is', null),
);

const claimToken = statement<{
  id: number;
  attempts: number;
  claimedAt: number;
  bootId: string;
  address: string;
  agent: string;
}>()((db, at) =>
  db
    .updateTable('tokens')
    .set((row) => ({
      claimed_at: at.claimedAt,
      outcome: 'answering',
      boot_id: at.bootId,
      attempts: row('attempts', '+', 1),
      client_address: at.address,
      client_agent: at.agent,
    }))
    .where('id', '=', at.id)
    .where('attempts', '=', at.attempts)
    .where('revoked_at', 'is', null),
);

/** The changes that use `token` up for `account` as it will be; they fail if either changed since it was read. */
export function claimSteps(
  token: Token,
  account: Account,
  claim: { readonly now: number; readonly bootId: string; readonly client: Client },
): Step[] {
  const { ha1_sha256, ha1_md5 } = ha1Columns(account.ha1s);
  // The account first: whoever changes an account and its tokens takes the rows in this order, so nobody deadlocks.
  return [
    step(claimAccount, {
      id: account.id,
      version: account.version,
      activatedAt: account.activatedAt,
      sha256: ha1_sha256,
      md5: ha1_md5,
      updatedAt: account.updatedAt,
    }),
    step(claimToken, {
      id: token.id,
      attempts: token.attempts,
      claimedAt: token.claimedAt ?? claim.now,
      bootId: claim.bootId,
      address: claim.client.address,
      agent: claim.client.agent,
    }),
  ];
}

const newer = statement<{ accountId: number; from: number; id: number }>()((db, at) =>
  db
    .selectFrom('tokens')
    .where('account_id', '=', at.accountId)
    .where('kind', '=', 'provisioning')
    .where('created_at', '=', at.from)
    .where('id', '>', at.id)
    .limit(1)
    .select('id'),
);

/** Whether a token ended because another one was issued. */
export async function isSuperseded(db: Db, accountId: number, token: Token): Promise<boolean> {
  if (token.revokedAt === null) return false;
  return (await rows(db, newer, { accountId, from: token.revokedAt, id: token.id })).length > 0;
}
