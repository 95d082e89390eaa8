import type { MessageKey } from '../../locale/translate.ts';
import { type SettingEntry, settingEntries } from '../../spaces/setting-values.ts';

export interface SettingGroup {
  readonly id: string;
  readonly title: MessageKey;
  readonly entries: readonly SettingEntry[];
}

/**
 * The groups of settings. A setting that no group lists is in the last one, so that a new setting appears by itself.
 */
const groups = [
  ['people', 'settings.people', ['name', 'logo', 'contact_text', 'language', 'time_zone', 'directory', 'self_service']],
  [
    'accounts',
    'settings.accounts',
    ['username_pattern', 'password_min_length', 'phone_country', 'max_accounts', 'max_devices'],
  ],
  ['codes', 'settings.codes', ['token_lifetime', 'retry_window', 'unknown_token', 'require_provisioning_header']],
  [
    'phones',
    'settings.phones',
    ['refetch', 'overwrite_all', 'seeded', 'depend_on_external', 'bind_keys_to_address', 'root_ca'],
  ],
  ['servers', 'settings.servers', ['registrar', 'realm', 'algorithms', 'host', 'super']],
  ['turn', 'settings.turn', ['turn_server', 'turn_secret', 'turn_lifetime', 'turn_realm', 'turn_in_document']],
] as const satisfies readonly (readonly [id: string, title: MessageKey, names: readonly string[]])[];

/** Returns whether a setting has a page of its own. */
const elsewhere = (name: string): boolean => name === 'linphonerc' || name.startsWith('mail_') || name === 'smtp_url';

/** Returns the groups of a space's settings that the person may change. */
export function settingGroups({ isSuper }: { readonly isSuper: boolean }): SettingGroup[] {
  const open = settingEntries.filter(({ name, setting }) => !elsewhere(name) && (isSuper || !setting.superOnly));
  const named = groups.map(([id, title, names]) => ({
    id,
    title,
    entries: names.flatMap((name: string) => open.filter((entry) => entry.name === name)),
  }));
  const known = new Set(named.flatMap(({ entries }) => entries.map(({ name }) => name)));
  const rest = open.filter(({ name }) => !known.has(name));
  return [...named, { id: 'more', title: 'settings.more' as const, entries: rest }].filter(
    ({ entries }) => entries.length > 0,
  );
}
