import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError, invalidFields } from '../errors.ts';
import { parseDuration } from '../lib/duration.ts';
import { checkDomain } from '../sip/sip-uri.ts';
import { defaultSettings, defaultTurnLifetime, type Space, type SpaceSettings } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { checkSpaceFields, type NewSpace, type SpaceChanges } from '../spaces/space-fields.ts';
import { deleteSpaceRow, findSpaceByDomain, insertSpace, listSpaces, updateSpaceRow } from '../spaces/space-store.ts';
import { requireWholeTurn } from '../spaces/turn.ts';
import type { Database } from '../storage/database.ts';
import { violatedReference, violatedUnique } from '../storage/dialect.ts';
import type { Db } from '../storage/tables.ts';
import { keepingAnAdministrator } from './manage-accounts.ts';

export interface SpaceContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  now(): number;
}

export async function createSpace(context: SpaceContext, fields: NewSpace): Promise<Space> {
  checkSpaceFields(fields);
  const settings = withChanges(defaultSettings(fields.domain), fields);
  requireWholeTurn(settings);
  return changeSpaces(context, (db) => insertSpace(db, settings, context.now()));
}

/** Changes what `fields` names. A new realm makes stored passwords useless, so it must be confirmed. */
export async function updateSpace(context: SpaceContext, domain: string, fields: SpaceChanges): Promise<Space> {
  checkSpaceFields(fields);
  return changeSpaces(context, async (db) => {
    const space = await getSpace(db, domain);
    if (fields.domain !== undefined && fields.domain !== space.domain) {
      throw invalidFields({ domain: ['cannot be changed: make another space'] });
    }
    const changed = withChanges(space, fields);
    if ((changed.realm ?? space.domain) !== (space.realm ?? space.domain) && fields.confirm !== true) {
      throw new AppError(
        'confirmation-needed',
        'A new realm makes the stored passwords of this space useless: every account needs a new one. Send confirm=true to go on.',
      );
    }
    requireWholeTurn(changed);
    const save = () => updateSpaceRow(db, space.id, changed, context.now());
    if (!space.super || changed.super) return save();
    await requireAnotherSuperSpace(db, space);
    return keepingAnAdministrator(db, save);
  });
}

/** Deletes the space; `emptied` does away with its accounts first, where that was asked for. */
export async function deleteSpace(
  context: SpaceContext,
  domain: string,
  emptied: (db: Db, space: Space) => Promise<void>,
): Promise<void> {
  await changeSpaces(context, async (db) => {
    const space = await getSpace(db, domain);
    if (space.super) await requireAnotherSuperSpace(db, space);
    await emptied(db, space);
    await deleteSpaceRow(db, space.id);
  });
}

/** The first space, made with the database; two processes that start at once make it once. */
export async function ensureFirstSpace(
  database: Database,
  first: { readonly domain: string; readonly registrar: string | null },
  now: number,
): Promise<void> {
  await database.transaction().execute(async (db) => {
    await bumpRevision(db, 'spaces');
    if ((await listSpaces(db)).length > 0) return;
    await insertSpace(db, { ...defaultSettings(first.domain), registrar: first.registrar, super: true }, now);
  });
}

async function changeSpaces<T>(context: SpaceContext, work: (db: Db) => Promise<T>): Promise<T> {
  try {
    return await context.database.transaction().execute(async (db) => {
      // Also the lock that makes changes of spaces come one after the other.
      await bumpRevision(db, 'spaces');
      return await work(db);
    });
  } catch (error) {
    throw translated(error);
  } finally {
    await context.spaces.refresh();
  }
}

async function getSpace(db: Db, domain: string): Promise<Space> {
  const name = domain.toLowerCase();
  // What can be no domain is not even looked for: PostgreSQL takes no zero byte.
  const space = checkDomain(name) === undefined ? await findSpaceByDomain(db, name) : undefined;
  if (space === undefined) throw new AppError('not-found', 'There is no space with that domain.');
  return space;
}

async function requireAnotherSuperSpace(db: Db, space: Space): Promise<void> {
  const others = (await listSpaces(db)).filter((each) => each.super && each.id !== space.id);
  if (others.length === 0)
    throw new AppError('conflict', 'This is the only super space: make another one super first.');
}

function withChanges(settings: SpaceSettings, fields: SpaceChanges): SpaceSettings {
  return {
    ...settings,
    host: fields.host === undefined ? settings.host : fields.host,
    name: fields.name ?? settings.name,
    super: fields.super ?? settings.super,
    registrar: fields.registrar === undefined ? settings.registrar : fields.registrar,
    realm: fields.realm === undefined ? settings.realm : fields.realm,
    algorithms: fields.algorithms ?? settings.algorithms,
    linphonerc: fields.linphonerc ?? settings.linphonerc,
    overwriteAll: fields.overwrite_all ?? settings.overwriteAll,
    seeded: fields.seeded ?? settings.seeded,
    refetch: fields.refetch ?? settings.refetch,
    unknownToken: fields.unknown_token ?? settings.unknownToken,
    requireProvisioningHeader: fields.require_provisioning_header ?? settings.requireProvisioningHeader,
    retryWindow: fields.retry_window ?? settings.retryWindow,
    tokenLifetime: lifetimeOf(fields.token_lifetime, settings.tokenLifetime),
    dependOnExternal: fields.depend_on_external ?? settings.dependOnExternal,
    bindKeysToAddress: fields.bind_keys_to_address ?? settings.bindKeysToAddress,
    usernamePattern: fields.username_pattern ?? settings.usernamePattern,
    passwordMinLength: fields.password_min_length ?? settings.passwordMinLength,
    maxAccounts: fields.max_accounts ?? settings.maxAccounts,
    maxDevices: fields.max_devices ?? settings.maxDevices,
    turnServer: fields.turn_server === undefined ? settings.turnServer : fields.turn_server,
    turnSecret: fields.turn_secret === undefined ? settings.turnSecret : fields.turn_secret,
    turnLifetime: lifetimeOf(fields.turn_lifetime, settings.turnLifetime) ?? defaultTurnLifetime,
    turnRealm: fields.turn_realm === undefined ? settings.turnRealm : fields.turn_realm,
    turnInDocument: fields.turn_in_document ?? settings.turnInDocument,
  };
}

function lifetimeOf(text: string | null | undefined, before: number | null): number | null {
  if (text === undefined) return before;
  return text === null ? null : (parseDuration(text) ?? before);
}

function translated(error: unknown): unknown {
  if (violatedReference(error)) {
    return new AppError(
      'space-not-empty',
      'The space still has accounts: delete them first, or with it (with_accounts=true, in a command --with-accounts).',
    );
  }
  const violated = violatedUnique(error);
  if (violated === undefined) return error;
  const field = violated.includes('host') ? 'host' : 'domain';
  const complaint = 'is already taken by another space';
  return new AppError('space-exists', `${field} ${complaint}.`, { fields: { [field]: [complaint] }, cause: error });
}
