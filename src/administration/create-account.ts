import type { Account } from '../accounts/account.ts';
import { type Checked, checkAccountFields, type NewAccount } from '../accounts/account-fields.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { countAccounts, insertAccount } from '../accounts/account-store.ts';
import { ha1sOfPassword } from '../accounts/passwords.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Space } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { type IssuedToken, issueTokenIn, type TokenContext } from '../tokens/issue-token.ts';
import { tokenExpiry, type WishedExpiry } from '../tokens/token-expiry.ts';

/** Creates an account and the code for its phone in one transaction. */
export async function createAccount(
  context: TokenContext,
  actor: Actor,
  space: Space,
  fields: NewAccount,
  wish: WishedExpiry = {},
): Promise<{ account: Account; issued: IssuedToken }> {
  const checked = await checkAccountFields(fields, space);
  return change(context, actor, async (tx, by) => {
    const expiresAt = tokenExpiry(by.at, space, context.tokenLifetimeMs, wish);
    const account = await createAccountIn(tx, by, space, checked);
    return { account, issued: await issueTokenIn(tx, by, account.id, expiresAt) };
  });
}

/**
 * Creates an account without a token. It takes a transaction because checking the space's limit and inserting belong
 * together.
 */
export async function createAccountIn(
  tx: Transaction,
  by: By,
  { id: spaceId }: Space,
  fields: Checked<NewAccount>,
): Promise<Account> {
  // Read again, because another process may have changed the realm or the limit a moment ago.
  const space = await lockSpace(tx, spaceId);
  if (space.maxAccounts > 0) await requireRoom(tx, space);
  const algorithms = fields.algorithm === undefined ? space.algorithms : [fields.algorithm];
  const account = await insertAccount(tx, {
    space_id: space.id,
    username: fields.username,
    display_name: fields.display_name ?? null,
    email: fields.email ?? null,
    phone: fields.phone ?? null,
    admin: Number(fields.admin ?? false),
    dtmf_protocol: fields.dtmf_protocol ?? 'sipinfo',
    ...ha1Columns(ha1sOfPassword(algorithms, fields.username, space.effectiveRealm, fields.password)),
    activated_at: fields.activated === true ? by.at : null,
    blocked_at: null,
    created_at: by.at,
    updated_at: by.at,
  });
  await recordEvent(tx, { ...by, kind: 'account-created', spaceId: space.id, accountId: account.id });
  return account;
}

async function requireRoom(tx: Transaction, space: Space): Promise<void> {
  await bumpRevision(tx, 'accounts');
  if ((await countAccounts(tx, space.id)) >= space.maxAccounts) {
    throw new AppError('space-full', { domain: space.domain, maxAccounts: space.maxAccounts });
  }
}
