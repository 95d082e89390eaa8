import { sql } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { locking } from '../storage/dialect.ts';
import { type Step, statement, step, sweep, type Values } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { Client, Outcome, Token, TokenKind } from './token.ts';

interface ClaimedAccount extends Values {
  readonly id: number;
  readonly version: number;
  readonly activatedAt: number | null;
  readonly sha256: string | null;
  readonly md5: string | null;
  readonly updatedAt: number;
}

const claimAccount = statement<ClaimedAccount>()(claimingAccount);

/** Changes nothing if the realm of the account's space is another one by now. */
const claimAccountInRealm = statement<ClaimedAccount & { readonly spaceId: number; readonly realm: string }>()(
  (db, at) =>
    claimingAccount(db, at).where(({ exists, selectFrom }) => {
      const space = selectFrom('spaces')
        .select('spaces.id')
        .where('spaces.id', '=', at.spaceId)
        .where(sql`coalesce(spaces.realm, spaces.domain)`, '=', at.realm);
      return exists(locking(db, space, 'share'));
    }),
);

function claimingAccount(db: Db, at: ClaimedAccount) {
  return db
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
    .where('blocked_at', 'is', null);
}

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
      ended_at: null,
      boot_id: at.bootId,
      attempts: row('attempts', '+', 1),
      client_address: at.address,
      client_agent: at.agent,
    }))
    .where('id', '=', at.id)
    .where('attempts', '=', at.attempts)
    .where('revoked_at', 'is', null),
);

/**
 * Returns the changes that use `token` up and store `account` as it will be. They fail if either has changed since it
 * was read.
 */
export function claimSteps(
  token: Token,
  account: Account,
  claim: {
    /** By a clock that nobody sets back. */
    readonly now: number;
    readonly bootId: string;
    readonly client: Client;
    /** The realm of new HA1s, which must still be that of the space. */
    readonly realm?: string;
  },
): Step[] {
  const { ha1_sha256, ha1_md5 } = ha1Columns(account.ha1s);
  // The account first: code that changes an account and its tokens locks the rows in this order, which prevents
  // deadlocks.
  const claimed = {
    id: account.id,
    version: account.version,
    activatedAt: account.activatedAt,
    sha256: ha1_sha256,
    md5: ha1_md5,
    updatedAt: account.updatedAt,
  };
  return [
    claim.realm === undefined
      ? step(claimAccount, claimed)
      : step(claimAccountInRealm, { ...claimed, spaceId: account.spaceId, realm: claim.realm }),
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

/**
 * Uses up a token whose answer is not a document. Returns its account id (null if it has none), or undefined if it is
 * not open.
 */
export async function claimUnansweredToken(
  tx: Transaction,
  kind: TokenKind,
  hash: string,
  now: number,
): Promise<number | null | undefined> {
  const row = await tx
    .updateTable('tokens')
    .set((of) => ({ claimed_at: now, outcome: 'delivered', attempts: of('attempts', '+', 1) }))
    .where('token_hash', '=', hash)
    .where('kind', '=', kind)
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('account_id')
    .executeTakeFirst();
  return row?.account_id;
}

const tokensPerStep = 100;
const slots = Array.from({ length: tokensPerStep }, (_, index) => `token${index}` as const);

type Slots = Readonly<Record<`token${number}`, number>>;

const record = statement<{ outcome: Outcome; attempt: number; now: number } & Slots>()((db, at) =>
  db
    .updateTable('tokens')
    .set({ outcome: at.outcome, ended_at: at.now })
    .where(
      'id',
      'in',
      slots.map((slot) => at[slot] ?? 0),
    )
    .where('attempts', '=', at.attempt)
    .where('outcome', '=', 'answering'),
);

/**
 * Returns the steps that record the outcome of answers. An outcome that is recorded stays. `attempt` keeps a late report
 * from changing a newer claim.
 */
export function outcomeSteps(outcome: Outcome, attempt: number, tokenIds: readonly number[], now: number): Step[] {
  const steps: Step[] = [];
  for (let start = 0; start < tokenIds.length; start += tokensPerStep) {
    const ids = tokenIds.slice(start, start + tokensPerStep);
    // The last one fills up what is left, because each other number would be another statement to prepare.
    const filled = Object.fromEntries(slots.map((slot, index) => [slot, ids[index] ?? ids.at(-1) ?? 0]));
    steps.push(sweep(record, { outcome, attempt, now, ...filled }));
  }
  return steps;
}
