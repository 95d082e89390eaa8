import { Type } from 'typebox';
import { nullable } from '../lib/check-shape.ts';
import { algorithms } from '../sip/ha1.ts';
import { defaultRegistrar } from '../sip/sip-uri.ts';
import {
  checkHost,
  checkLifetime,
  checkLinphonerc,
  checkName,
  checkRealm,
  checkSeeded,
  checkSpaceRegistrar,
  checkUsernamePattern,
} from './check-setting.ts';
import { durationSetting, setting } from './space-setting.ts';
import { turnSettings } from './turn-settings.ts';

/**
 * Every setting of a space by its name, in the order in which they are shown. The type `Space`, defaults, checks, API,
 * storage and manual come from this table: a new setting is an entry here and a migration that adds its column.
 */
export const spaceSettings = {
  host: setting({
    schema: nullable(
      Type.String({
        maxLength: 259,
        description: "The host name, or host:port, by which phones reach this space; null: the instance's.",
      }),
    ),
    default: null,
    check: checkHost,
  }),
  name: setting({
    schema: Type.String({ minLength: 1, maxLength: 120, description: 'What people call it; default the domain.' }),
    default: (domain) => domain,
    check: checkName,
  }),
  super: setting({
    schema: Type.Boolean({ description: 'Whether its administrators manage all spaces.' }),
    default: false,
  }),
  registrar: setting({
    schema: nullable(Type.String({ maxLength: 300, description: 'A SIP URI; null: `sip:{domain};transport=tls`.' })),
    default: null,
    check: checkSpaceRegistrar,
    show: (registrar, domain) => registrar ?? defaultRegistrar(domain),
  }),
  realm: setting({
    schema: nullable(
      Type.String({
        minLength: 1,
        maxLength: 253,
        description: 'null: the domain. Changing it needs `confirm=true`: existing passwords no longer match.',
      }),
    ),
    default: null,
    check: checkRealm,
  }),
  algorithms: setting({
    schema: Type.Array(Type.Enum(algorithms), {
      minItems: 1,
      uniqueItems: true,
      description: 'What a new password is stored as when the request names no algorithm.',
    }),
    default: ['SHA-256'],
  }),
  linphonerc: setting({
    schema: Type.String({ maxLength: 200_000, description: "The space's own linphonerc text." }),
    default: '',
    check: checkLinphonerc,
  }),
  overwrite_all: setting({
    schema: Type.Boolean({ description: "Whether entries of the linphonerc texts replace the user's own choice." }),
    default: true,
  }),
  seeded: setting({
    schema: Type.Array(Type.String({ maxLength: 201 }), {
      maxItems: 1000,
      description: 'Patterns `section/key` (`*` allowed) of entries that only seed a value the user may change.',
    }),
    default: [],
    check: checkSeeded,
  }),
  refetch: setting({
    schema: Type.Enum(['once', 'every-start', 'client'], { description: 'Whether phones ask again at each start.' }),
    default: 'once',
  }),
  unknown_token: setting({
    schema: Type.Enum(['base', 'not-found'], { description: 'What unknown and used tokens are answered with.' }),
    default: 'base',
  }),
  require_provisioning_header: setting({
    schema: Type.Boolean({
      description: 'Whether to demand `X-Linphone-Provisioning`, which Linphone sends from 5.3 on.',
    }),
    default: false,
  }),
  retry_window: setting({
    schema: Type.Integer({
      minimum: 0,
      maximum: 600,
      description: 'Seconds in which the same client may fetch the same token again.',
    }),
    default: 0,
  }),
  token_lifetime: durationSetting({
    description: 'Such as `7d`; `0`: for ever; null: RINGUP_TOKEN_LIFETIME.',
    default: null,
    check: checkLifetime,
  }),
  depend_on_external: setting({
    schema: Type.Boolean({ description: 'Whether the account registers only once its external account has.' }),
    default: false,
  }),
  bind_keys_to_address: setting({
    schema: Type.Boolean({ description: "Whether users' API keys work only from the address that fetched them." }),
    default: false,
  }),
  username_pattern: setting({
    schema: Type.String({
      minLength: 1,
      maxLength: 300,
      description:
        'A regular expression that user names match; it begins with ^ and ends with $ unless a part will do.',
    }),
    default: '^[a-z0-9+_.-]{1,64}$',
    check: checkUsernamePattern,
  }),
  password_min_length: setting({
    schema: Type.Integer({
      minimum: 1,
      maximum: 200,
      description: 'How many characters a new password has at least.',
    }),
    default: 3,
  }),
  max_accounts: setting({
    schema: Type.Integer({
      minimum: 0,
      maximum: 2_000_000_000,
      description: 'How many accounts the space may have; 0: no limit.',
    }),
    default: 0,
  }),
  max_devices: setting({
    schema: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'How many devices an account may have; 0: no limit.',
    }),
    default: 0,
  }),
  ...turnSettings,
};
