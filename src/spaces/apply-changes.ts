import { parseDuration } from '../lib/duration.ts';
import { defaultTurnLifetime, type SpaceSettings } from './space.ts';
import type { SpaceChanges } from './space-fields.ts';

/** The settings with what `fields` names changed. */
export function applyChanges(settings: SpaceSettings, fields: SpaceChanges): SpaceSettings {
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
