import { sql } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { locking } from '../storage/dialect.ts';
import { type Step, statement, step, type Values } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { Client, Token, TokenKind } from './token.ts';

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

/** Claims the account only if the realm of its space is still the same. */
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
 * Claims the account only if its space still has the same domain, because this process may not know a new one yet. No
 * lock is needed: a change of the domain also changes the versions of all accounts.
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
 * Returns the steps that use up `token` and store `account` as it will be. They fail if the account has changed since
 * both were read, or the token was revoked. Every other use of the token changes the version of its account.
 */
export function claimSteps(
  token: Token,
  account: Account,
  claim: {
    /** The time, from a clock that is never set back. */
    readonly now: number;
    readonly bootId: string;
    /** New for each attempt. After an unconfirmed COMMIT, it distinguishes this claim from that of another request. */
    readonly claimId: string;
    readonly client: Client;
    /** The domain of the account's space, which must not have changed. */
    readonly domain: string;
    /** The realm of new HA1s, which must still be that of the space. */
    readonly realm?: string;
  },
): Step[] {
  const { ha1_sha256, ha1_md5 } = ha1Columns(account.ha1s);
  // The account comes first. All code that changes an account and its tokens locks the rows in this order, which
  // prevents deadlocks.
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
 * Uses up a token whose answer is not a document. Returns its account id (null if it has none), or undefined if the
 * token is not open.
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

/** An answer that used up a token. */
export interface Claim {
  readonly id: string;
  readonly tokenId: number;
  readonly accountId: number;
  readonly spaceId: number;
}

/** Returns whether a claim was committed. Waits for its transaction if that is still open. */
export async function isClaimStored(db: Db, { id, tokenId }: Claim): Promise<boolean> {
  const token = db.selectFrom('tokens').select('claim_id').where('id', '=', tokenId);
  return (await locking(db, token, 'share').executeTakeFirst())?.claim_id === id;
}
