import { defaultRegistrar } from '../sip/sip-uri.ts';
import type { spaceSettings } from './space-settings.ts';

type Table = typeof spaceSettings;
export type SettingName = keyof Table;

/** Converts `retry_window` to `retryWindow`. */
type PropertyName<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<PropertyName<Rest>>}`
  : Name;

type SettingValues = { readonly [Name in SettingName as PropertyName<Name>]: ReturnType<Table[Name]['defaultOf']> };

/** A property for each setting in `spaceSettings`. Durations are in milliseconds, except `retryWindow` (seconds). */
export interface SpaceSettings extends SettingValues {
  readonly domain: string;
}

/** A SIP domain with its settings. */
export interface Space extends SpaceSettings {
  readonly id: number;
  /** The realm; by default, the domain. */
  readonly effectiveRealm: string;
  /** The registrar as a SIP URI; by default, the domain by TLS. */
  readonly effectiveRegistrar: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Returns a space with these settings, and the properties that are derived from them. */
export function spaceWith(settings: SpaceSettings, stored: Pick<Space, 'id' | 'createdAt' | 'updatedAt'>): Space {
  const { domain, realm, registrar } = settings;
  return {
    ...stored,
    ...settings,
    effectiveRealm: realm ?? domain,
    effectiveRegistrar: registrar ?? defaultRegistrar(domain),
  };
}

/**
 * Returns the public URL of a space, without a slash at the end. It is that of the instance, with the space's own host
 * if it has one.
 */
export function publicUrlOf(space: Space, instanceUrl: string): string {
  if (space.host === null) return instanceUrl;
  const url = new URL(instanceUrl);
  if (space.host.includes(':')) url.host = space.host;
  else url.hostname = space.host;
  return url.href.replace(/\/$/, '');
}
