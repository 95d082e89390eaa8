import { isDeepStrictEqual } from 'node:util';
import type { SettingName, SpaceSettings } from './space.ts';
import type { SpaceSetting } from './space-setting.ts';
import { spaceSettings } from './space-settings.ts';

export interface SettingEntry {
  readonly name: SettingName;
  /** The property of `Space` that contains its value. */
  readonly property: keyof SpaceSettings;
  /** The name of the field that shows it. */
  readonly shownAs: string;
  readonly setting: SpaceSetting;
}

export const settingEntries: readonly SettingEntry[] = Object.entries(spaceSettings).map(([name, setting]) => {
  const property = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return {
    name: name as SettingName,
    property: property as keyof SpaceSettings,
    shownAs: setting.secret ? `${name}_set` : name,
    setting,
  };
});

/** Returns settings with the values that `choose` returns. Each value must be valid for its setting. */
export function settingsWith(domain: string, choose: (entry: SettingEntry) => unknown): SpaceSettings {
  const values = Object.fromEntries(settingEntries.map((entry) => [entry.property, choose(entry)] as const));
  // In a loop, TypeScript cannot match each value with the type of its own entry.
  return { domain, ...values } as SpaceSettings;
}

export function defaultSettings(domain: string): SpaceSettings {
  return settingsWith(domain, ({ setting }) => setting.defaultOf(domain));
}

/** Returns the names of the settings whose values differ. */
export function changedSettings(before: SpaceSettings, after: SpaceSettings): SettingName[] {
  return settingEntries
    .filter(({ property }) => !isDeepStrictEqual(before[property], after[property]))
    .map(({ name }) => name);
}
