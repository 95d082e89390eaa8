import { Type } from 'typebox';
import { nullable } from '../lib/check-shape.ts';
import { algorithms } from '../sip/ha1.ts';
import { defaultRegistrar } from '../sip/sip-uri.ts';
import {
  checkCountry,
  checkHost,
  checkLifetime,
  checkLinphonerc,
  checkLogo,
  checkName,
  checkRealm,
  checkRootCa,
  checkSeeded,
  checkSpaceRegistrar,
  checkUsernamePattern,
  holdLogo,
  holdRealm,
  maxLogoLength,
} from './check-setting.ts';
import { mailSettings } from './mail-settings.ts';
import { durationSetting, setting } from './space-setting.ts';
import { turnSettings } from './turn-settings.ts';

/** In seconds. */
export const maxRetryWindow = 600;
export const maxLinphonercLength = 200_000;
export const maxCertificateLength = 20_000;
export const maxSeeded = { patterns: 1000, length: 201 } as const;

export const usualUsernamePattern = '^[a-z0-9+_.-]{1,64}$';

/**
 * All settings of a space by name, in the order in which they are shown. The type `Space`, defaults, checks, API,
 * storage and manual use this table. A new setting needs an entry here and a migration that adds its column.
 */
export const spaceSettings = {
  host: setting({
    schema: nullable(
      Type.String({
        maxLength: 259,
        description:
          "The host name, or host:port, by which phones reach this space; stored in lower case. null: the instance's.",
      }),
    ),
    superOnly: true,
    default: null,
    check: checkHost,
  }),
  name: setting({
    schema: Type.String({ minLength: 1, maxLength: 120, description: 'A name for people; by default the domain.' }),
    default: (domain) => domain,
    check: checkName,
  }),
  super: setting({
    schema: Type.Boolean({ description: 'Whether its administrators manage all spaces.' }),
    superOnly: true,
    default: false,
  }),
  registrar: setting({
    schema: nullable(
      Type.String({
        maxLength: 300,
        description:
          'Where phones register, as a SIP URI (an IPv4 address gets `sip:`); null: `sip:{domain};transport=tls`.',
      }),
    ),
    default: null,
    check: checkSpaceRegistrar,
    show: (registrar, domain) => registrar ?? defaultRegistrar(domain),
  }),
  realm: setting({
    schema: nullable(
      Type.String({
        minLength: 1,
        maxLength: 253,
        description:
          'The realm of the HA1s; null: the domain. Changing it needs `confirm=true`: existing passwords no longer match.',
      }),
    ),
    default: null,
    check: checkRealm,
    hold: holdRealm,
  }),
  algorithms: setting({
    schema: Type.Array(Type.Enum(algorithms), {
      minItems: 1,
      uniqueItems: true,
      description:
        'The algorithms with which the password of a new account is stored, unless the request names one. Existing accounts keep theirs.',
    }),
    default: ['SHA-256'],
  }),
  linphonerc: setting({
    schema: Type.String({
      maxLength: maxLinphonercLength,
      'x-verbatim': true,
      description: "The space's own linphonerc text.",
    }),
    default: '',
    fromFile: 'text',
    check: checkLinphonerc,
  }),
  overwrite_all: setting({
    schema: Type.Boolean({ description: "Whether entries of the linphonerc texts replace the user's own settings." }),
    default: true,
  }),
  seeded: setting({
    schema: Type.Array(Type.String({ maxLength: maxSeeded.length }), {
      maxItems: maxSeeded.patterns,
      description:
        'Patterns `section/key` (`*` allowed, in at most 100) of seeded entries: a phone uses them only if it has no value yet.',
    }),
    default: [],
    check: checkSeeded,
  }),
  refetch: setting({
    schema: Type.Enum(['once', 'every-start', 'client'], {
      description: 'Whether phones fetch their document again at each start; `client`: as the phone decides.',
    }),
    default: 'once',
  }),
  unknown_token: setting({
    schema: Type.Enum(['base', 'not-found'], {
      description: 'The answer to tokens that are unknown, used, expired or revoked, or whose account is blocked.',
    }),
    default: 'base',
  }),
  require_provisioning_header: setting({
    schema: Type.Boolean({
      description:
        'Whether to require the header `X-Linphone-Provisioning`, which Linphone 5.3 and later send. Older phones cannot be set up then; those that are keep their account, without updates.',
    }),
    default: false,
  }),
  retry_window: setting({
    schema: nullable(
      Type.Integer({
        minimum: 0,
        maximum: maxRetryWindow,
        description:
          'For how many seconds the same client can use the same token again; null: 60 for clients whose address a trusted ' +
          'proxy named, 0 for all others.',
      }),
    ),
    default: null,
  }),
  token_lifetime: durationSetting({
    description: 'How long new tokens stay valid, such as `7d`; `0`: forever; null: RINGUP_TOKEN_LIFETIME.',
    default: null,
    check: checkLifetime,
  }),
  depend_on_external: setting({
    schema: Type.Boolean({ description: 'Whether the account registers only after its external account.' }),
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
      'x-verbatim': true,
      description:
        'A regular expression in RE2 syntax that user names must match. Without ^ and $, it only needs to match a part. User ' +
        'names with `;`, `"`, `@`, `:`, a backslash or characters outside ASCII are refused whatever it allows, because SIP ' +
        'servers or older phones cannot cope with them.',
    }),
    default: usualUsernamePattern,
    check: checkUsernamePattern,
  }),
  password_min_length: setting({
    schema: Type.Integer({
      minimum: 1,
      maximum: 200,
      description:
        "The minimum number of characters in a new password. An administrator's has at least ten where it is set in the panel.",
    }),
    default: 3,
  }),
  phone_country: setting({
    schema: nullable(
      Type.String({
        maxLength: 40,
        description:
          'The country of phone numbers without a country code, as its two-letter code of ISO 3166, such as `FR`; null: ' +
          'such numbers are refused.',
        examples: ['FR'],
      }),
    ),
    default: null,
    check: checkCountry,
    hold: (taken) => taken?.toUpperCase() ?? null,
  }),
  max_accounts: setting({
    schema: Type.Integer({
      minimum: 0,
      maximum: 2_000_000_000,
      description: 'The maximum number of accounts in the space; 0: no limit.',
    }),
    superOnly: true,
    default: 0,
  }),
  max_devices: setting({
    schema: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'The maximum number of devices of an account; 0: no limit.',
    }),
    default: 0,
  }),
  self_service: setting({
    schema: Type.Boolean({
      description: 'Whether users may sign in to their own pages: another phone, password, contacts, sessions.',
    }),
    default: true,
  }),
  logo: setting({
    schema: nullable(
      Type.String({
        maxLength: maxLogoLength,
        description:
          "A PNG or JPEG in base64, at most 200 kB and 1,024 pixels wide and high, which pages and mails show instead of Ringup's mark; " +
          'null: none.',
      }),
    ),
    default: null,
    fromFile: 'base64',
    check: checkLogo,
    hold: holdLogo,
  }),
  directory: setting({
    schema: Type.Enum(['chosen', 'everyone'], {
      description:
        "Who is in the address books of its phones: `chosen` (an account's contacts and lists) or `everyone` (also all accounts of " +
        'the space that are not blocked). Contacts from outside are in all of them.',
    }),
    default: 'chosen',
  }),
  root_ca: setting({
    schema: nullable(
      Type.String({
        maxLength: maxCertificateLength,
        'x-verbatim': true,
        description: 'The certificate authority that managed phones are to trust, in PEM; null: none.',
      }),
    ),
    default: null,
    fromFile: 'text',
    check: checkRootCa,
  }),
  ...turnSettings,
  ...mailSettings,
};
