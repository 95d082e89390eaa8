import { sql } from 'kysely';
import { forever } from '../accounts/account-state.ts';
import { locking, rowsOfJson } from '../storage/dialect.ts';
import { type Statement, type Step, statement, sweep } from '../storage/statement.ts';
import type { Db } from '../storage/tables.ts';
import type { Claim } from './claim-store.ts';

/** How an answer that used up a token ended. */
export interface EndedAnswer {
  readonly claim: Claim;
  /** When it ended, in epoch milliseconds. */
  readonly at: number;
  readonly outcome: 'delivered' | 'lost';
}

/** The values of a statement about a batch of ended answers. */
type Batch = {
  /** The answers as a JSON array: one parameter for any number of them. */
  readonly ended: string;
  /** When the batch is written. */
  readonly now: number;
};

const columns = {
  token_id: 'bigint',
  claim_id: 'text',
  account_id: 'bigint',
  space_id: 'bigint',
  at: 'bigint',
  outcome: 'text',
} as const;

/** Returns a query builder in which the batch is the table `ended`. */
function withEnded(db: Db, batch: Batch) {
  return db.with('ended', () => rowsOfJson(db, batch.ended, columns));
}

/**
 * Records nothing where an outcome is already stored, the claim was never committed, or the account is deleted. The
 * lock makes a deletion of an account wait, and the deletion then finds the event. Without the lock, neither would see
 * the other. Accounts are locked by id, to prevent deadlocks.
 */
const insertEvents = statement<Batch>()((db, batch) =>
  withEnded(db, batch)
    .insertInto('events')
    .columns(['at', 'kind', 'space_id', 'account_id', 'token_id', 'detail'])
    .expression(({ selectFrom }) => {
      const unsettled = selectFrom('ended')
        .innerJoin('accounts', 'accounts.id', 'ended.account_id')
        .leftJoin('tokens', 'tokens.id', 'ended.token_id')
        .where(({ eb, or, and }) =>
          or([
            eb('tokens.id', 'is', null),
            and([eb('tokens.claim_id', '=', eb.ref('ended.claim_id')), eb('tokens.outcome', '=', 'answering')]),
          ]),
        )
        .select(({ ref }) => [
          'ended.at',
          sql<string>`case ${ref('ended.outcome')} when 'lost' then 'answer-lost' else 'delivered' end`.as('kind'),
          'ended.space_id',
          'accounts.id',
          'ended.token_id',
          sql.val('{}').as('detail'),
        ])
        .orderBy('accounts.id')
        .orderBy('ended.at');
      return locking(db, unsettled, 'key share', ['accounts']);
    }),
);

const record = statement<Batch>()((db, batch) =>
  withEnded(db, batch)
    .updateTable('tokens')
    .from('ended')
    .set(({ ref }) => ({ outcome: ref('ended.outcome'), ended_at: batch.now }))
    .whereRef('tokens.id', '=', 'ended.token_id')
    .whereRef('tokens.claim_id', '=', 'ended.claim_id')
    .where('tokens.outcome', '=', 'answering'),
);

/** The accounts of the tokens whose outcomes `record` has just written. */
function accountsOf(db: Db, batch: Batch, outcome: EndedAnswer['outcome']) {
  return withEnded(db, batch)
    .selectFrom('tokens')
    .innerJoin('ended', (join) =>
      join.onRef('ended.token_id', '=', 'tokens.id').onRef('ended.claim_id', '=', 'tokens.claim_id'),
    )
    .where('tokens.outcome', '=', outcome)
    .where('tokens.ended_at', '=', batch.now)
    .select(sql<number>`tokens.account_id`.as('account_id'));
}

/** The changes of account states after `record` has written outcomes. */
const followUps: Readonly<Record<EndedAnswer['outcome'], Statement<Batch>>> = {
  delivered: statement<Batch>()((db, batch) =>
    changingStates(db, accountsOf(db, batch, 'delivered')).set({ used_at: batch.now, failed_at: null, failure: null }),
  ),
  lost: statement<Batch>()((db, batch) => {
    const ofLastCodes = accountsOf(db, batch, 'lost')
      .where('tokens.kind', '=', 'provisioning')
      .where(({ not, exists, selectFrom }) => {
        const newer = selectFrom('tokens as newer').whereRef('newer.account_id', '=', 'tokens.account_id');
        return not(
          exists(
            newer.where('newer.kind', '=', 'provisioning').whereRef('newer.id', '>', 'tokens.id').select('newer.id'),
          ),
        );
      });
    return changingStates(db, ofLastCodes).set({ failed_at: batch.now, failure: 'lost' });
  }),
};

/** Removes the code from the state because it was used, unless another one has been issued since. */
function changingStates(db: Db, accounts: ReturnType<typeof accountsOf>) {
  return db
    .updateTable('account_states')
    .where('account_states.account_id', 'in', accounts)
    .set(({ selectFrom }) => {
      const open = selectFrom('tokens')
        .whereRef('tokens.account_id', '=', 'account_states.account_id')
        .where('tokens.kind', '=', 'provisioning')
        .where('tokens.claimed_at', 'is', null)
        .where('tokens.revoked_at', 'is', null);
      const last = open.select(({ fn }) => fn.max(fn.coalesce('tokens.expires_at', sql.lit(forever))).as('at'));
      return { code_ends_at: last };
    });
}

/**
 * Returns the steps that store how answers ended, with an event for each, and the resulting states of their accounts. A
 * stored outcome never changes, and a late report does not affect a newer claim, so the steps may be repeated.
 */
export function outcomeSteps(ended: readonly EndedAnswer[], now: number): Step[] {
  const rows = ended.map(({ claim, at, outcome }) => ({
    token_id: claim.tokenId,
    claim_id: claim.id,
    account_id: claim.accountId,
    space_id: claim.spaceId,
    at,
    outcome,
  }));
  const batch = { ended: JSON.stringify(rows), now };
  const outcomes = new Set(ended.map(({ outcome }) => outcome));
  // Events come first, because their step records nothing once the outcome is stored.
  const statements = [insertEvents, record, ...[...outcomes].map((outcome) => followUps[outcome])];
  return statements.map((each) => sweep(each, batch));
}
