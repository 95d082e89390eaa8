import { sql } from 'kysely';
import { forever } from '../accounts/account-state.ts';
import { locking } from '../storage/dialect.ts';
import { type Statement, type Step, statement, sweep, type Values } from '../storage/statement.ts';
import type { Db } from '../storage/tables.ts';
import type { ClaimedToken } from './claim-store.ts';
import type { Outcome } from './token.ts';

const claimsPerStep = 100;
const slots = Array.from({ length: claimsPerStep }, (_, index) => index);

type Slots = Readonly<Record<`token${number}`, number> & Record<`claim${number}`, string>>;

type RecordedOutcomes = { outcome: Outcome; now: number } & Slots;

const record = statement<RecordedOutcomes>()((db, at) =>
  db
    .updateTable('tokens')
    .set({ outcome: at.outcome, ended_at: at.now })
    .where('id', 'in', tokensIn(at))
    .where('claim_id', 'in', claimsIn(at))
    .where('outcome', '=', 'answering'),
);

function tokensIn(at: Slots): number[] {
  return slots.map((slot) => at[`token${slot}`] ?? 0);
}

function claimsIn(at: Slots): string[] {
  return slots.map((slot) => at[`claim${slot}`] ?? '');
}

/** The changes of account states after `record` has written outcomes. */
const followUps: Readonly<Record<'delivered' | 'lost', Statement<RecordedOutcomes>>> = {
  delivered: statement<RecordedOutcomes>()((db, at) =>
    changingStates(db, recordedBy(db, at)).set({ used_at: at.now, failed_at: null, failure: null }),
  ),
  lost: statement<RecordedOutcomes>()((db, at) => {
    const lastCodes = recordedBy(db, at)
      .where('tokens.kind', '=', 'provisioning')
      .where(({ not, exists, selectFrom }) => {
        const newer = selectFrom('tokens as newer').whereRef('newer.account_id', '=', 'tokens.account_id');
        return not(
          exists(
            newer.where('newer.kind', '=', 'provisioning').whereRef('newer.id', '>', 'tokens.id').select('newer.id'),
          ),
        );
      });
    return changingStates(db, lastCodes).set({ failed_at: at.now, failure: 'lost' });
  }),
};

function recordedBy(db: Db, at: RecordedOutcomes) {
  return db
    .selectFrom('tokens')
    .where('tokens.id', 'in', tokensIn(at))
    .where('tokens.claim_id', 'in', claimsIn(at))
    .where('tokens.outcome', '=', at.outcome)
    .where('tokens.ended_at', '=', at.now);
}

/** Removes the code from the state because it was used, unless another one has been issued since. */
function changingStates(db: Db, tokens: ReturnType<typeof recordedBy>) {
  return db
    .updateTable('account_states')
    .where('account_states.account_id', 'in', tokens.select(sql<number>`tokens.account_id`.as('account_id')))
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
 * Returns the steps that store the outcomes of answers, and the resulting states of their accounts. A stored outcome
 * never changes, and a late report does not affect a newer claim.
 */
export function outcomeSteps(outcome: 'delivered' | 'lost', claims: readonly ClaimedToken[], now: number): Step[] {
  const steps: Step[] = [];
  for (let start = 0; start < claims.length; start += claimsPerStep) {
    const some = claims.slice(start, start + claimsPerStep);
    // The last claim fills the remaining slots, because every other number of claims would be another statement to
    // prepare.
    const filled = slots.flatMap((slot) => {
      const claim = some[slot] ?? some.at(-1);
      return [[`token${slot}`, claim?.tokenId ?? 0] as const, [`claim${slot}`, claim?.id ?? ''] as const];
    });
    const values = { outcome, now, ...(Object.fromEntries(filled) as Slots) };
    steps.push(sweep(record, values), sweep(followUps[outcome], values));
  }
  return steps;
}

export interface OutcomeEvent extends Values {
  readonly at: number;
  readonly kind: 'delivered' | 'answer-lost';
  readonly spaceId: number;
  readonly accountId: number;
  readonly tokenId: number;
}

/**
 * The lock makes a deletion of the account wait, and the deletion then finds the event. Without the lock, neither would
 * see the other.
 */
const insertEvent = statement<OutcomeEvent & { readonly claimId: string }>()((db, of) => {
  const token = db.selectFrom('tokens').select('id').where('id', '=', of.tokenId);
  const unsettled = token.where('claim_id', '=', of.claimId).where('outcome', '=', 'answering');
  const account = db
    .selectFrom('accounts')
    .where('accounts.id', '=', of.accountId)
    .where(({ or, not, exists }) => or([exists(unsettled), not(exists(token))]))
    .select([
      sql.val(of.at).as('at'),
      sql.val(of.kind).as('kind'),
      sql.val(of.spaceId).as('space_id'),
      'accounts.id',
      sql.val(of.tokenId).as('token_id'),
      sql.val('{}').as('detail'),
    ]);
  return db
    .insertInto('events')
    .columns(['at', 'kind', 'space_id', 'account_id', 'token_id', 'detail'])
    .expression(locking(db, account, 'key share'));
});

/**
 * Returns the step that records the event of an outcome. Apply it before `outcomeSteps`. It does nothing if an outcome
 * is already stored, the claim was never committed, or the account is deleted, so it may be repeated.
 */
export function outcomeEventStep(event: OutcomeEvent, claimId: string): Step {
  return sweep(insertEvent, { ...event, claimId });
}
