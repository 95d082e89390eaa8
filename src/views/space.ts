import { Type } from 'typebox';
import { formatDuration } from '../lib/duration.ts';
import { registrarOf, type Space } from '../spaces/space.ts';
import { spaceChangesShape } from '../spaces/space-fields.ts';
import { turnSecretShown } from '../spaces/turn-fields.ts';
import { findingShape } from './finding.ts';
import { isoDate } from './iso-date.ts';

const { confirm: _, turn_secret: __, ...settings } = spaceChangesShape.properties;
export const spaceAnswer = Type.Object({
  id: Type.Integer(),
  ...settings,
  ...turnSecretShown,
  created_at: Type.String({ format: 'date-time' }),
  updated_at: Type.String({ format: 'date-time' }),
  warnings: Type.Optional(
    Type.Array(findingShape, {
      description: "What the linter found in the space's linphonerc, where it found anything; not in lists.",
    }),
  ),
});

/** A space as the API and the commands show it: of its TURN secret only whether there is one. */
export function spaceJson(space: Space) {
  return {
    id: space.id,
    domain: space.domain,
    host: space.host,
    name: space.name,
    super: space.super,
    registrar: registrarOf(space),
    realm: space.realm,
    algorithms: space.algorithms,
    linphonerc: space.linphonerc,
    overwrite_all: space.overwriteAll,
    seeded: space.seeded,
    refetch: space.refetch,
    unknown_token: space.unknownToken,
    require_provisioning_header: space.requireProvisioningHeader,
    retry_window: space.retryWindow,
    token_lifetime: space.tokenLifetime === null ? null : formatDuration(space.tokenLifetime),
    depend_on_external: space.dependOnExternal,
    bind_keys_to_address: space.bindKeysToAddress,
    username_pattern: space.usernamePattern,
    password_min_length: space.passwordMinLength,
    max_accounts: space.maxAccounts,
    max_devices: space.maxDevices,
    turn_server: space.turnServer,
    turn_secret_set: space.turnSecret !== null,
    turn_lifetime: formatDuration(space.turnLifetime),
    turn_realm: space.turnRealm,
    turn_in_document: space.turnInDocument,
    created_at: isoDate(space.createdAt),
    updated_at: isoDate(space.updatedAt),
  };
}
