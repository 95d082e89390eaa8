import type { Selectable } from 'kysely';
import { isAlgorithm } from '../sip/ha1.ts';
import type { Db, SpaceTable } from '../storage/tables.ts';
import type { RefetchPolicy, Space, SpaceSettings, UnknownTokenAnswer } from './space.ts';

export async function listSpaces(db: Db): Promise<Space[]> {
  return (await db.selectFrom('spaces').selectAll().orderBy('id').execute()).map(spaceOf);
}

export async function findSpaceByDomain(db: Db, domain: string): Promise<Space | undefined> {
  const row = await db.selectFrom('spaces').selectAll().where('domain', '=', domain).executeTakeFirst();
  return row === undefined ? undefined : spaceOf(row);
}

export async function insertSpace(db: Db, settings: SpaceSettings, now: number): Promise<Space> {
  const row = await db
    .insertInto('spaces')
    .values({ ...rowOf(settings), created_at: now, updated_at: now })
    .returningAll()
    .executeTakeFirstOrThrow();
  return spaceOf(row);
}

export async function updateSpaceRow(db: Db, id: number, settings: SpaceSettings, now: number): Promise<Space> {
  const row = await db
    .updateTable('spaces')
    .set({ ...rowOf(settings), updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return spaceOf(row);
}

export async function deleteSpaceRow(db: Db, id: number): Promise<void> {
  await db.deleteFrom('spaces').where('id', '=', id).execute();
}

function spaceOf(row: Selectable<SpaceTable>): Space {
  return {
    id: row.id,
    domain: row.domain,
    host: row.host,
    name: row.name,
    super: row.super === 1,
    registrar: row.registrar,
    realm: row.realm,
    algorithms: textsOf(row.algorithms).filter(isAlgorithm),
    linphonerc: row.linphonerc,
    overwriteAll: row.overwrite_all === 1,
    seeded: textsOf(row.seeded),
    refetch: row.refetch as RefetchPolicy,
    unknownToken: row.unknown_token as UnknownTokenAnswer,
    requireProvisioningHeader: row.require_provisioning_header === 1,
    retryWindow: row.retry_window,
    tokenLifetime: row.token_lifetime,
    dependOnExternal: row.depend_on_external === 1,
    bindKeysToAddress: row.bind_keys_to_address === 1,
    usernamePattern: row.username_pattern,
    passwordMinLength: row.password_min_length,
    maxAccounts: row.max_accounts,
    maxDevices: row.max_devices,
    turnServer: row.turn_server,
    turnSecret: row.turn_secret,
    turnLifetime: row.turn_lifetime,
    turnRealm: row.turn_realm,
    turnInDocument: row.turn_in_document === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function rowOf(settings: SpaceSettings) {
  return {
    domain: settings.domain,
    host: settings.host,
    name: settings.name,
    super: Number(settings.super),
    registrar: settings.registrar,
    realm: settings.realm,
    algorithms: JSON.stringify(settings.algorithms),
    linphonerc: settings.linphonerc,
    overwrite_all: Number(settings.overwriteAll),
    seeded: JSON.stringify(settings.seeded),
    refetch: settings.refetch,
    unknown_token: settings.unknownToken,
    require_provisioning_header: Number(settings.requireProvisioningHeader),
    retry_window: settings.retryWindow,
    token_lifetime: settings.tokenLifetime,
    depend_on_external: Number(settings.dependOnExternal),
    bind_keys_to_address: Number(settings.bindKeysToAddress),
    username_pattern: settings.usernamePattern,
    password_min_length: settings.passwordMinLength,
    max_accounts: settings.maxAccounts,
    max_devices: settings.maxDevices,
    turn_server: settings.turnServer,
    turn_secret: settings.turnSecret,
    turn_lifetime: settings.turnLifetime,
    turn_realm: settings.turnRealm,
    turn_in_document: Number(settings.turnInDocument),
  };
}

function textsOf(json: string): string[] {
  const values: unknown = JSON.parse(json);
  return Array.isArray(values) ? values.map(String) : [];
}
