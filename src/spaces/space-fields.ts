import { type Static, Type } from 'typebox';
import type { FieldErrors } from '../errors/catalogue.ts';
import { aboutServer, aboutValue } from '../errors/quote-text.ts';
import { invalidFields } from '../errors.ts';
import { nullable } from '../lib/check-shape.ts';
import { parseDuration } from '../lib/duration.ts';
import { isSlowPattern } from '../lib/match-pattern.ts';
import { readLinphonerc } from '../lpconfig/read-linphonerc.ts';
import { checkValue } from '../lpconfig/rules.ts';
import { checkSeededPattern } from '../lpconfig/seeding.ts';
import { algorithms } from '../sip/ha1.ts';
import { checkDomain, checkRegistrar } from '../sip/sip-uri.ts';
import { checkTurnLifetime, checkTurnServer, turnSecretSetting, turnSettings } from './turn-fields.ts';

const settings = {
  host: Type.Optional(
    nullable(
      Type.String({
        maxLength: 259,
        description: "The host name, or host:port, by which phones reach this space; null: the instance's.",
      }),
    ),
  ),
  name: Type.Optional(
    Type.String({ minLength: 1, maxLength: 120, description: 'What people call it; default the domain.' }),
  ),
  super: Type.Optional(Type.Boolean({ description: 'Whether its administrators manage all spaces.' })),
  registrar: Type.Optional(
    nullable(Type.String({ maxLength: 300, description: 'A SIP URI; null: `sip:{domain};transport=tls`.' })),
  ),
  realm: Type.Optional(
    nullable(
      Type.String({
        minLength: 1,
        maxLength: 253,
        description: 'null: the domain. Changing it needs `confirm=true`: existing passwords no longer match.',
      }),
    ),
  ),
  algorithms: Type.Optional(
    Type.Array(Type.Enum(algorithms), {
      minItems: 1,
      uniqueItems: true,
      description: 'What a new password is stored as when the request names no algorithm.',
    }),
  ),
  linphonerc: Type.Optional(Type.String({ maxLength: 200_000, description: "The space's own linphonerc text." })),
  overwrite_all: Type.Optional(
    Type.Boolean({ description: "Whether entries of the linphonerc texts replace the user's own choice." }),
  ),
  seeded: Type.Optional(
    Type.Array(Type.String({ maxLength: 201 }), {
      maxItems: 1000,
      description: 'Patterns `section/key` (`*` allowed) of entries that only seed a value the user may change.',
    }),
  ),
  refetch: Type.Optional(
    Type.Enum(['once', 'every-start', 'client'], { description: 'Whether phones ask again at each start.' }),
  ),
  unknown_token: Type.Optional(
    Type.Enum(['base', 'not-found'], { description: 'What unknown and used tokens are answered with.' }),
  ),
  require_provisioning_header: Type.Optional(
    Type.Boolean({ description: 'Whether to demand `X-Linphone-Provisioning`, which Linphone sends from 5.3 on.' }),
  ),
  retry_window: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 600,
      description: 'Seconds in which the same client may fetch the same token again.',
    }),
  ),
  token_lifetime: Type.Optional(
    nullable(Type.String({ maxLength: 20, description: 'Such as `7d`; `0`: for ever; null: RINGUP_TOKEN_LIFETIME.' })),
  ),
  depend_on_external: Type.Optional(
    Type.Boolean({ description: 'Whether the account registers only once its external account has.' }),
  ),
  bind_keys_to_address: Type.Optional(
    Type.Boolean({ description: "Whether users' API keys work only from the address that fetched them." }),
  ),
  username_pattern: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 300,
      description:
        'A regular expression that user names match; it begins with ^ and ends with $ unless a part will do.',
    }),
  ),
  password_min_length: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  max_accounts: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_000_000_000, description: '0: no limit.' })),
  max_devices: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'How many devices an account may have; 0: no limit.',
    }),
  ),
  ...turnSettings,
  ...turnSecretSetting,
};

const domain = Type.String({ minLength: 1, maxLength: 253, description: 'The SIP domain; cannot be changed.' });

export const newSpaceShape = Type.Object({ domain, ...settings }, { additionalProperties: false });
export type NewSpace = Static<typeof newSpaceShape>;

export const spaceChangesShape = Type.Object(
  {
    domain: Type.Optional(domain),
    ...settings,
    confirm: Type.Optional(Type.Boolean({ description: 'That the consequences of a new realm are understood.' })),
  },
  { additionalProperties: false },
);
export type SpaceChanges = Static<typeof spaceChangesShape>;

/** The rules that no schema can state; throws with all complaints by field. */
export function checkSpaceFields(fields: SpaceChanges): void {
  const mistakes: FieldErrors = Object.fromEntries(
    Object.entries({
      domain: complaints(fields.domain, checkDomain, aboutServer),
      host: complaints(fields.host, checkHost, aboutServer),
      name: complaints(fields.name, checkValue),
      registrar: complaints(fields.registrar, checkRegistrar, aboutServer),
      realm: complaints(fields.realm, checkRealm),
      linphonerc: complaints(fields.linphonerc, linphonercMistakes, unquoted),
      seeded: (fields.seeded ?? []).flatMap((each) => complaints(each, checkSeededPattern)),
      token_lifetime: complaints(fields.token_lifetime, checkLifetime),
      username_pattern: complaints(fields.username_pattern, checkPattern),
      turn_server: complaints(fields.turn_server, checkTurnServer, aboutServer),
      turn_secret: complaints(fields.turn_secret, checkValue, unquoted),
      turn_lifetime: complaints(fields.turn_lifetime, checkTurnLifetime),
      turn_realm: complaints(fields.turn_realm, checkRealm),
    }).filter(([, messages]) => messages.length > 0),
  );
  if (Object.keys(mistakes).length > 0) throw invalidFields(mistakes);
}

function complaints(
  value: string | null | undefined,
  check: (value: string) => string | string[] | undefined,
  about: (value: string, complaint: string) => string = aboutValue,
): string[] {
  if (value === null || value === undefined) return [];
  const found = check(value);
  return (found === undefined ? [] : [found].flat()).map((complaint) => about(value, complaint));
}

/** For secrets, and for what is quoted by its lines. */
function unquoted(_value: string, complaint: string): string {
  return complaint;
}

function checkHost(host: string): string | undefined {
  const [, name = '', port = '1'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
  return checkDomain(name) === undefined && Number(port) >= 1 && Number(port) <= 65_535
    ? undefined
    : 'must be a host name in lower case, or host:port';
}

function checkRealm(realm: string): string | undefined {
  return checkValue(realm) ?? (/["\\:]/.test(realm) ? 'must not contain quotes, backslashes or colons' : undefined);
}

function linphonercMistakes(text: string): string[] {
  return readLinphonerc(text)
    .mistakes.filter((each) => each.severity === 'error')
    .map((each) => `line ${each.line}: ${each.message}: ${each.text}`);
}

function checkLifetime(text: string): string | undefined {
  return parseDuration(text) === undefined ? 'must be a duration such as 90m, 12h or 7d, or 0 for ever' : undefined;
}

function checkPattern(pattern: string): string | undefined {
  const complaint = checkValue(pattern);
  if (complaint !== undefined) return complaint;
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'must be a regular expression';
  }
  return isSlowPattern(pattern)
    ? 'takes too long to compare: no repetition within a repetition, as in (a+)+'
    : undefined;
}
