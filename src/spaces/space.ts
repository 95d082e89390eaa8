import { defaultRegistrar } from '../sip/sip-uri.ts';
import type { spaceSettings } from './space-settings.ts';

type Table = typeof spaceSettings;
export type SettingName = keyof Table;

/** `retry_window` → `retryWindow`. */
type PropertyName<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<PropertyName<Rest>>}`
  : Name;

type SettingValues = { readonly [Name in SettingName as PropertyName<Name>]: ReturnType<Table[Name]['defaultOf']> };

/** A property for each of `spaceSettings`. Durations are in milliseconds, except `retryWindow` (seconds). */
export interface SpaceSettings extends SettingValues {
  readonly domain: string;
}

/** A SIP domain with its settings. */
export interface Space extends SpaceSettings {
  readonly id: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function realmOf(space: Space): string {
  return space.realm ?? space.domain;
}

export function registrarOf(space: Space): string {
  return space.registrar ?? defaultRegistrar(space.domain);
}

/** Returns the instance's public URL (without a slash at the end) with the space's own host if it has one. */
export function publicUrlOf(space: Space, instanceUrl: string): string {
  if (space.host === null) return instanceUrl;
  const url = new URL(instanceUrl);
  if (space.host.includes(':')) url.host = space.host;
  else url.hostname = space.host;
  return url.href.replace(/\/$/, '');
}
