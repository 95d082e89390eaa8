import { rememberNetwork } from '../access/familiar-network-store.ts';
import { type Browser, startSessionIn } from '../access/sessions.ts';
import type { Account } from '../accounts/account.ts';
import { type Checked, checkAccountFields, type NewAccount } from '../accounts/account-fields.ts';
import { countUsableAdministrators } from '../accounts/account-store.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError, complaintsOf, invalidFields } from '../errors.ts';
import { setupLinkHolder } from '../events/actor.ts';
import { clientNetwork } from '../lib/client-address.ts';
import { hashSecret, randomToken } from '../lib/random-token.ts';
import { changeSpaces, getSpace, type SpaceContext } from '../spaces/change-spaces.ts';
import type { Space } from '../spaces/space.ts';
import { asMeant, checkSpaceFields, type SpaceChanges } from '../spaces/space-fields.ts';
import { inTransaction } from '../storage/database.ts';
import { isTokenOpen, revokeUnowned } from '../tokens/auth-token-store.ts';
import { claimUnansweredToken } from '../tokens/claim-store.ts';
import { insertToken } from '../tokens/token-store.ts';
import { setupUrl } from '../tokens/token-urls.ts';
import { createAccountIn } from './create-account.ts';
import { updateSpaceIn } from './update-space.ts';

const lifetimeMs = 24 * 60 * 60_000;

export interface SetupContext extends SpaceContext {
  readonly publicUrl: string;
  /** Whether the settings of the server name the domain of the first super space. */
  readonly isDomainFixed: boolean;
}

export interface Setup {
  readonly username: string;
  readonly password: string;
  /** The new domain of the space; undefined keeps it. */
  readonly domain?: string | undefined;
  /** The new registrar; null: the one at the domain; undefined keeps it. */
  readonly registrar?: string | null | undefined;
  /** The browser in which the administrator is signed in. */
  readonly browser: Browser;
}

export interface SetUp {
  readonly account: Account;
  readonly space: Space;
  /** The secret of the administrator's new session. */
  readonly session: string;
  /** The user names of the accounts that lost their passwords because the domain changed. */
  readonly passwordsEnded: readonly string[];
}

/**
 * Issues a one-time link that creates the first administrator, and revokes earlier links. Returns undefined if an
 * administrator can already sign in. Records no event: every start would record one, and the event of using the link
 * names its actor.
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
  return issued ? setupUrl(context.publicUrl, token) : undefined;
}

/** Returns whether the link still works, without using it up. */
export async function isSetupOpen({ database, now }: SetupContext, token: string): Promise<boolean> {
  return (
    (await isTokenOpen(database, 'setup', hashSecret(token), now())) &&
    (await countUsableAdministrators(database)) === 0
  );
}

/** Throws if the settings name another domain than this one. */
export function requireSettableDomain({ isDomainFixed, spaces }: SetupContext, given: string | undefined): void {
  const { domain } = spaces.firstSuper;
  if (isDomainFixed && given !== undefined && given !== domain) throw new AppError('domain-fixed', { domain });
}

/**
 * Uses up the link: creates an administrator of the first super space, signs them in, and gives the space its domain
 * and registrar. If this fails, nothing is stored and the link stays valid.
 */
export async function makeFirstAdministrator(
  context: SetupContext,
  token: string,
  { domain, registrar, browser, ...fields }: Setup,
): Promise<SetUp> {
  const { firstSuper } = context.spaces;
  const wish = wished({ domain, registrar });
  requireSettableDomain(context, wish.domain);
  const checked = await checkAll(wish, { ...fields, admin: true, activated: true }, firstSuper);
  // A stranger can send any text as a token. It must not reach the lock below.
  if (!(await isSetupOpen(context, token))) throw setupLinkNotFound();
  const names = { domain: wish.domain ?? firstSuper.domain };
  return changeSpaces(context, setupLinkHolder, names, async (tx, by) => {
    // Locked first, so that the second of two concurrent calls sees the administrator that the first one created.
    await bumpRevision(tx, 'administrators');
    const claimed = await claimUnansweredToken(tx, 'setup', hashSecret(token), by.at);
    if (claimed === undefined || (await countUsableAdministrators(tx)) > 0) {
      throw setupLinkNotFound();
    }
    const { space, passwordsEnded } = await updateSpaceIn(tx, by, await getSpace(tx, firstSuper.domain), wish);
    const account = await createAccountIn(tx, by, space, checked);
    if ((await countUsableAdministrators(tx)) === 0) {
      // Another process has just changed which spaces are super. A job will read the spaces again shortly.
      throw new AppError('busy', {});
    }
    await rememberNetwork(tx, account.id, clientNetwork(browser.address), by.at);
    const session = await startSessionIn(tx, account.id, by.at, browser);
    return { account, space, session, passwordsEnded };
  });
}

/**
 * Returns the changes of the space. They count as confirmed, because the next page names the accounts that lost their
 * passwords.
 */
function wished({ domain, registrar }: Pick<Setup, 'domain' | 'registrar'>): SpaceChanges {
  return asMeant({
    confirm: true,
    ...(domain === undefined ? {} : { domain }),
    ...(registrar === undefined ? {} : { registrar }),
  });
}

/** Throws the complaints about the space and the account together. */
async function checkAll(wish: SpaceChanges, account: NewAccount, space: Space): Promise<Checked<NewAccount>> {
  const complaints = {
    ...(await complaintsOf(() => checkSpaceFields(wish))),
    ...(await complaintsOf(() => checkAccountFields(account, space, { actor: setupLinkHolder }))),
    // For an empty field, only the complaint that it is empty is shown.
    ...(await complaintsOf(() => requireFilledIn(account))),
  };
  if (Object.keys(complaints).length > 0) throw invalidFields(complaints);
  return checkAccountFields(account, space);
}

function requireFilledIn({ username, password }: NewAccount): void {
  const empty = Object.entries({ username, password }).filter(([, value]) => value === '');
  if (empty.length > 0) throw invalidFields(Object.fromEntries(empty.map(([name]) => [name, [{ code: 'required' }]])));
}

/** Returns the failure of a setup link that is incomplete or no longer valid. */
export function setupLinkNotFound(): AppError {
  return new AppError('not-found', { what: 'setup-link' });
}
