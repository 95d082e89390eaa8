import { sql } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { forever } from '../accounts/account-state.ts';
import { locking } from '../storage/dialect.ts';
import { type Statement, type Step, statement, step, sweep, type Values } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { Client, Outcome, Token, TokenKind } from './token.ts';

interface ClaimedAccount extends Values {
  readonly id: number;
  readonly version: number;
  readonly activatedAt: number | null;
  readonly sha256: string | null;
  readonly md5: string | null;
  readonly updatedAt: number;
  readonly spaceId: number;
  readonly domain: string;
}

const claimAccount = statement<ClaimedAccount>()(claimingAccount);

/** Changes nothing if the realm of the account's space is another one by now. */
const claimAccountInRealm = statement<ClaimedAccount & { readonly realm: string }>()((db, at) =>
  claimingAccount(db, at).where(({ exists, selectFrom }) => {
    const space = selectFrom('spaces')
      .select('spaces.id')
      .where('spaces.id', '=', at.spaceId)
      .where(sql`coalesce(spaces.realm, spaces.domain)`, '=', at.realm);
    return exists(locking(db, space, 'share'));
  }),
);

/**
 * Changes nothing if the space has another domain by now: this process may not know it yet. No lock is needed, because a
 * change of the domain also changes the versions of all accounts.
 */
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
    .where('blocked_at', 'is', null)
    .where(({ exists, selectFrom }) => {
      const space = selectFrom('spaces').select('spaces.id').where('spaces.id', '=', at.spaceId);
      return exists(space.where('spaces.domain', '=', at.domain));
    });
}

const claimToken = statement<{
  id: number;
  claimedAt: number;
  bootId: string;
  claimId: string;
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
      claim_id: at.claimId,
      attempts: row('attempts', '+', 1),
      client_address: at.address,
      client_agent: at.agent,
    }))
    .where('id', '=', at.id)
    .where('revoked_at', 'is', null),
);

/**
 * Returns the changes that use `token` up and store `account` as it will be. They fail if the account has changed since
 * both were read, or the token was revoked. Every other use of the token changes the version of its account.
 */
export function claimSteps(
  token: Token,
  account: Account,
  claim: {
    /** The time by a clock that never goes back. */
    readonly now: number;
    readonly bootId: string;
    /** New for each attempt: after an unconfirmed COMMIT, it tells this claim from one by somebody else. */
    readonly claimId: string;
    readonly client: Client;
    /** The domain of the account's space, which must still have it. */
    readonly domain: string;
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
    spaceId: account.spaceId,
    domain: claim.domain,
  };
  return [
    claim.realm === undefined
      ? step(claimAccount, claimed)
      : step(claimAccountInRealm, { ...claimed, realm: claim.realm }),
    step(claimToken, {
      id: token.id,
      claimedAt: token.claimedAt ?? claim.now,
      bootId: claim.bootId,
      claimId: claim.claimId,
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

/** A claim and the token that it used up. */
export interface ClaimedToken {
  readonly id: string;
  readonly tokenId: number;
}

/** Returns whether a claim was committed. Waits for its transaction if that is still open. */
export async function isClaimStored(db: Db, { id, tokenId }: ClaimedToken): Promise<boolean> {
  const token = db.selectFrom('tokens').select('claim_id').where('id', '=', tokenId);
  return (await locking(db, token, 'share').executeTakeFirst())?.claim_id === id;
}

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

/** What follows for the states of the accounts whose outcomes `record` has just written. */
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

/** The code that was used is over, but another may have been issued since. */
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
 * Returns the steps that record the outcome of answers, and the states that follow for their accounts. An outcome that is
 * recorded stays, and a late report changes no newer claim.
 */
export function outcomeSteps(outcome: 'delivered' | 'lost', claims: readonly ClaimedToken[], now: number): Step[] {
  const steps: Step[] = [];
  for (let start = 0; start < claims.length; start += claimsPerStep) {
    const some = claims.slice(start, start + claimsPerStep);
    // The last one fills up what is left, because each other number would be another statement to prepare.
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

/** The lock keeps a deletion of the account waiting, which then finds the event; without it, neither would see the other. */
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
 * Returns the step that records the event of an outcome, to be applied before `outcomeSteps`. It does nothing where an
 * outcome is recorded already, the claim never happened, or the account is gone, so that it may be tried again.
 */
export function outcomeEventStep(event: OutcomeEvent, claimId: string): Step {
  return sweep(insertEvent, { ...event, claimId });
}
