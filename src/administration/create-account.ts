import { askAboutNewAccount } from '../access/password-question.ts';
import type { Account } from '../accounts/account.ts';
import {
  type Checked,
  checkAccountFields,
  type NewAccount,
  type NewAccountWithHa1s,
} from '../accounts/account-fields.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { countAccounts, getAccount, insertAccounts, type NewAccountRow } from '../accounts/account-store.ts';
import { requirePassword } from '../accounts/password-rule.ts';
import { ha1sOfPassword } from '../accounts/passwords.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { change } from '../events/change.ts';
import { recordEvents } from '../events/event-store.ts';
import { required } from '../lib/required.ts';
import type { Ha1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { Transaction } from '../storage/tables.ts';
import type { Code } from '../tokens/codes.ts';
import { type IssuedToken, issueTokenIn, type TokenContext } from '../tokens/issue-token.ts';
import { tokenExpiry, type WishedExpiry } from '../tokens/token-expiry.ts';

export interface AccountWish {
  readonly fields: NewAccount | NewAccountWithHa1s;
  /** When the code expires; by default, as the space's settings say. */
  readonly expiry?: WishedExpiry;
  /** By default, a new one. */
  readonly code?: Code;
}

/** Creates an account and the code for its phone in one transaction. */
export async function createAccount(
  context: TokenContext,
  actor: Actor,
  space: Space,
  { fields, expiry = {}, code = context.codes.make() }: AccountWish,
): Promise<{ account: Account; issued: IssuedToken }> {
  askAboutNewAccount({ actor, at: context.now() }, fields);
  const checked = await checkAccountFields(fields, space, { actor });
  return change(context, actor, async (tx, by) => {
    const expiresAt = tokenExpiry(by.at, space, context.tokenLifetimeMs, expiry);
    const account = await createAccountIn(tx, by, space, checked);
    return { account, issued: await issueTokenIn(tx, by, { accountId: account.id, code, expiresAt }) };
  });
}

/**
 * Creates an account without a token. It takes a transaction because checking the space's limit and inserting belong
 * together.
 */
export async function createAccountIn(
  tx: Transaction,
  by: By,
  space: Space,
  fields: Checked<NewAccount | NewAccountWithHa1s>,
): Promise<Account> {
  const [id] = await createAccountsIn(tx, by, space, [fields]);
  return getAccount(tx, required(id));
}

/** Creates several accounts like `createAccountIn`, with a few statements. Returns their ids in the same order. */
export async function createAccountsIn(
  tx: Transaction,
  by: By,
  { id: spaceId }: Space,
  all: readonly Checked<NewAccount | NewAccountWithHa1s>[],
): Promise<number[]> {
  // Read again, because another process may have changed the realm or the limit a moment ago.
  const space = await lockSpace(tx, spaceId);
  if (space.maxAccounts > 0) await requireRoom(tx, space, all.length);
  const ids = await insertAccounts(
    tx,
    all.map((fields) => rowOf(fields, space, by)),
  );
  await recordEvents(
    tx,
    ids.map((accountId) => ({ ...by, kind: 'account-created', spaceId, accountId })),
  );
  return ids;
}

function rowOf(fields: Checked<NewAccount | NewAccountWithHa1s>, space: Space, by: By): NewAccountRow {
  const { at: now } = by;
  return {
    space_id: space.id,
    username: fields.username,
    display_name: fields.display_name ?? null,
    email: fields.email ?? null,
    phone: fields.phone ?? null,
    admin: Number(fields.admin ?? false),
    dtmf_protocol: fields.dtmf_protocol ?? 'sipinfo',
    ...ha1Columns(ha1sOf(fields, space, by)),
    linphonerc: fields.linphonerc ?? '',
    note: fields.note ?? null,
    group_name: fields.group ?? null,
    language: fields.language ?? null,
    activated_at: fields.activated === true ? now : null,
    blocked_at: null,
    created_at: now,
    updated_at: now,
  };
}

function ha1sOf(fields: NewAccount | NewAccountWithHa1s, space: Space, { actor }: By): readonly Ha1[] {
  if ('ha1s' in fields) return fields.ha1s;
  requirePassword(fields.password, { space, admin: fields.admin ?? false, actor });
  const algorithms = fields.algorithm === undefined ? space.algorithms : [fields.algorithm];
  return ha1sOfPassword(algorithms, fields.username, space.effectiveRealm, fields.password);
}

async function requireRoom(tx: Transaction, space: Space, more: number): Promise<void> {
  await bumpRevision(tx, 'accounts');
  if ((await countAccounts(tx, space.id)) + more > space.maxAccounts) {
    throw new AppError('space-full', { domain: space.domain, maxAccounts: space.maxAccounts });
  }
}
