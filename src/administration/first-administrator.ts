import { createApiKeyIn } from '../access/create-api-key.ts';
import type { Account } from '../accounts/account.ts';
import { checkAccountFields } from '../accounts/account-fields.ts';
import { countUsableAdministrators } from '../accounts/account-store.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import { setupLinkHolder } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { inTransaction } from '../storage/database.ts';
import { isTokenOpen, revokeUnowned } from '../tokens/auth-token-store.ts';
import { claimUnansweredToken } from '../tokens/claim-store.ts';
import { insertToken } from '../tokens/token-store.ts';
import { createAccountIn } from './create-account.ts';

const lifetimeMs = 24 * 60 * 60_000;

export interface SetupContext extends ChangeContext {
  readonly spaces: SpaceDirectory;
  readonly publicUrl: string;
}

/**
 * Issues a one-time link that creates the first administrator, and revokes earlier links. Returns undefined if an
 * administrator can already sign in.
 */
export async function issueSetupLink(context: SetupContext): Promise<string | undefined> {
  const now = context.now();
  const token = randomToken();
  const issued = await inTransaction(context.database, async (tx) => {
    await bumpRevision(tx, 'administrators');
    if ((await countUsableAdministrators(tx)) > 0) return false;
    await revokeUnowned(tx, 'setup', now);
    const hash = hashSecret(token);
    await insertToken(tx, { kind: 'setup', hash, accountId: null, createdAt: now, expiresAt: now + lifetimeMs });
    return true;
  });
  return issued ? `${context.publicUrl}/setup/${token}` : undefined;
}

/** Returns whether the link still works, without using it up. */
export async function isSetupOpen({ database, now }: SetupContext, token: string): Promise<boolean> {
  return (
    (await isTokenOpen(database, 'setup', hashSecret(token), now())) &&
    (await countUsableAdministrators(database)) === 0
  );
}

/**
 * Uses the link up to create an administrator of the first super space, with an API key. If this fails, the link stays
 * valid.
 */
export async function makeFirstAdministrator(
  context: SetupContext,
  token: string,
  fields: { readonly username: string; readonly password: string },
): Promise<{ account: Account; space: Space; apiKey: string }> {
  const space = context.spaces.firstSuper;
  const checked = await checkAccountFields({ ...fields, admin: true, activated: true }, space);
  // Strangers can try any text, which must not take the lock below.
  if (!(await isSetupOpen(context, token))) throw new AppError('not-found', { what: 'setup-link' });
  return change(context, setupLinkHolder, async (tx, by) => {
    // Locked first, so that the second of two concurrent calls sees the administrator that the first one created.
    await bumpRevision(tx, 'administrators');
    const claimed = await claimUnansweredToken(tx, 'setup', hashSecret(token), by.at);
    if (claimed === undefined || (await countUsableAdministrators(tx)) > 0) {
      throw new AppError('not-found', { what: 'setup-link' });
    }
    const account = await createAccountIn(tx, by, space, checked);
    if ((await countUsableAdministrators(tx)) === 0) {
      // Another process has just changed which spaces are super. The jobs read the spaces again.
      throw new AppError('busy', {});
    }
    const { secret } = await createApiKeyIn(tx, by, account, { name: 'first administrator', expiresAt: null });
    return { account, space, apiKey: secret };
  });
}
