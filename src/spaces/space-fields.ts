import { isDeepStrictEqual } from 'node:util';
import { type Static, type TOptional, Type } from 'typebox';
import { aboutServer } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { checkDomain, withSipScheme } from '../sip/sip-uri.ts';
import { settingEntries, settingsWith } from './setting-values.ts';
import type { SettingName, SpaceSettings } from './space.ts';
import type { Complaints } from './space-setting.ts';
import type { spaceSettings } from './space-settings.ts';

type Schemas = { readonly [Name in SettingName]: TOptional<(typeof spaceSettings)[Name]['schema']> };

const domain = Type.String({
  minLength: 1,
  maxLength: 253,
  description:
    'The SIP domain; stored in lower case. Changing it needs `confirm=true`, and is possible until an account of the space has a device, a used ' +
    'code or an external account.',
});
const settings = Object.fromEntries(
  settingEntries.map(({ name, setting }) => [name, Type.Optional(setting.schema)]),
) as Schemas;

export const newSpaceShape = Type.Object({ domain, ...settings }, { additionalProperties: false, title: 'NewSpace' });
export type NewSpace = Static<typeof newSpaceShape>;

export const spaceChangesShape = Type.Object(
  {
    domain: Type.Optional(domain),
    ...settings,
    confirm: Type.Optional(
      Type.Boolean({ description: 'Confirms a new domain or realm, which makes existing passwords useless.' }),
    ),
  },
  { additionalProperties: false },
);
export type SpaceChanges = Static<typeof spaceChangesShape>;

/** Returns the fields with domain and host in lower case, and `sip:` before a registrar that is an IPv4 address. */
export function asMeant<Fields extends SpaceChanges>(fields: Fields): Fields {
  const { domain, host, registrar } = fields;
  return {
    ...fields,
    ...(domain === undefined ? {} : { domain: lowerCaseAscii(domain) }),
    ...(typeof host === 'string' ? { host: lowerCaseAscii(host) } : {}),
    ...(typeof registrar === 'string' ? { registrar: withSipScheme(registrar) } : {}),
  };
}

/** Checks the rules that a schema cannot express. Throws all complaints by field. */
export function checkSpaceFields(fields: SpaceChanges): void {
  const complaints: readonly (readonly [name: string, found: Complaints])[] = [
    ['domain', fields.domain === undefined ? undefined : aboutServer(fields.domain, checkDomain(fields.domain))],
    ...settingEntries.map(({ name, setting }) => [name, setting.check(fields[name] ?? null)] as const),
  ];
  const mistakes = complaints.map(([name, found = []]) => [name, [found].flat()] as const);
  const wrong = mistakes.filter(([, messages]) => messages.length > 0);
  if (wrong.length > 0) throw invalidFields(Object.fromEntries(wrong));
}

/**
 * Returns the fields without those that leave a setting as it is. A setting that was stored before a rule became
 * stricter can so be sent again together with others.
 */
export function withoutUnchanged(fields: SpaceChanges, settings: SpaceSettings): SpaceChanges {
  const unchanged = settingEntries.filter(({ name, property, setting }) =>
    isDeepStrictEqual(fields[name], setting.show(settings[property], settings.domain)),
  );
  const names = new Set<string>(unchanged.map(({ name }) => name));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

/** Returns the settings after the changes in `fields`. A value that is derived from the domain changes with it. */
export function applyChanges(settings: SpaceSettings, fields: SpaceChanges): SpaceSettings {
  const { domain: before } = settings;
  const { domain = before } = fields;
  return settingsWith(domain, ({ name, property, setting }) => {
    const held = settings[property];
    const taken = fields[name];
    const isNew = taken !== undefined && !isDeepStrictEqual(taken, setting.show(held, before));
    if (isNew) return setting.hold(taken);
    return isDeepStrictEqual(held, setting.defaultOf(before)) ? setting.defaultOf(domain) : held;
  });
}
