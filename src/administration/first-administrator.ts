import { issueNamedKey } from '../access/api-keys.ts';
import type { Account } from '../accounts/account.ts';
import { countUsableAdministrators } from '../accounts/account-store.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import { recordEvent } from '../events/event-store.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import { claimUnansweredToken, isTokenOpen, revokeUnowned } from '../tokens/accountless-token-store.ts';
import { insertToken } from '../tokens/token-store.ts';
import { createAccount } from './manage-accounts.ts';

const lifetimeMs = 24 * 60 * 60_000;

export interface SetupContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly publicUrl: string;
  now(): number;
}

/** A fresh one-time link that makes the first administrator, and the end of older ones; undefined once there is one who can sign in. */
export async function issueSetupLink(context: SetupContext): Promise<string | undefined> {
  const now = context.now();
  const token = randomToken();
  const issued = await context.database.transaction().execute(async (db) => {
    await bumpRevision(db, 'administrators');
    if ((await countUsableAdministrators(db)) > 0) return false;
    await revokeUnowned(db, 'setup', now);
    const hash = hashSecret(token);
    await insertToken(db, { kind: 'setup', hash, accountId: null, createdAt: now, expiresAt: now + lifetimeMs });
    return true;
  });
  return issued ? `${context.publicUrl}/setup/${token}` : undefined;
}

/** Whether the link still works; nothing is used up. */
export async function isSetupOpen(context: SetupContext, token: string): Promise<boolean> {
  const db = context.database;
  return (
    (await isTokenOpen(db, 'setup', hashSecret(token), context.now())) && (await countUsableAdministrators(db)) === 0
  );
}

/** Uses the link up: makes the administrator, of the first space, with an API key. A refusal leaves the link as it was. */
export async function makeFirstAdministrator(
  context: SetupContext,
  token: string,
  fields: { readonly username: string; readonly password: string },
): Promise<{ account: Account; space: Space; apiKey: string }> {
  const now = context.now();
  const space = context.spaces.first;
  return context.database.transaction().execute(async (db) => {
    // Taken first: of two at once the second then sees the first one's administrator.
    await bumpRevision(db, 'administrators');
    const claimed = await claimUnansweredToken(db, 'setup', hashSecret(token), now);
    if (claimed === undefined || (await countUsableAdministrators(db)) > 0) {
      throw new AppError('not-found', 'This link was used, has expired or was replaced by a newer one.');
    }
    const account = await createAccount(db, space, { ...fields, admin: true, activated: true }, now);
    const { id: accountId, spaceId } = account;
    await recordEvent(db, { at: now, kind: 'account-created', spaceId, accountId, actor: 'the one-time link' });
    const { key } = await issueNamedKey(db, account, { name: 'first administrator', expiresAt: null }, now);
    return { account, space, apiKey: key };
  });
}
