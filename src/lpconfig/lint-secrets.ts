import { hasAddressPassword } from './address-passwords.ts';
import { findKey, isSecretKey } from './key-catalogue.ts';
import { type LintSubject, numbered, type Remark, valueIn } from './lint-check.ts';

/** Checks that each `auth_info_N` has a valid HA1 and that none replaces another. Messages never contain a secret. */
export function* checkCredentials({ document }: LintSubject): Generator<Remark> {
  const slots = new Map<string, string>();
  for (const { name: section, section: entries } of numbered(document, 'auth_info_')) {
    const ha1 = valueIn(entries, 'ha1');
    if (ha1 !== undefined) {
      const algorithm = valueIn(entries, 'algorithm') ?? 'MD5';
      const length = algorithm === 'SHA-256' ? 64 : 32;
      if (ha1.length !== length || !/^[0-9a-f]+$/.test(ha1)) {
        const message = `ha1 must be ${length} lowercase hex digits for ${algorithm}`;
        yield { rule: 'ha1-malformed', section, key: 'ha1', message };
      }
      if (valueIn(entries, 'realm') === undefined) {
        yield { rule: 'ha1-without-realm', section, key: 'ha1', message: `${section} has an ha1 but no realm` };
      }
    }
    const username = valueIn(entries, 'username');
    if (username === undefined) continue;
    const slot = JSON.stringify([username, valueIn(entries, 'realm'), valueIn(entries, 'domain')]);
    const earlier = slots.get(slot);
    if (earlier !== undefined) {
      const message = `${section} has the same username, realm and domain as ${earlier}`;
      yield { rule: 'credentials-replaced', section, key: 'username', message };
    } else slots.set(slot, section);
  }
}

/** Finds secrets in documents for everybody: known ones by the catalogue, unknown keys by their names. */
export function* checkPublicSecrets({ document, catalogue, audience }: LintSubject): Generator<Remark> {
  if (audience !== 'everybody') return;
  const isUnknownSwitch = (section: string, key: string, value: string) =>
    /^[01]$/.test(value) && findKey(catalogue, section, key) === undefined;
  for (const [section, entries] of document) {
    for (const [key, { value }] of entries) {
      const isSecret = isSecretKey(catalogue, section, key) && value !== '' && !isUnknownSwitch(section, key, value);
      if (!isSecret && !hasAddressPassword(value)) continue;
      const what = isSecret ? 'is a secret' : 'has an address with a password';
      yield { rule: 'secret-in-base', section, key, message: `${key} ${what} in a text that everybody gets` };
    }
  }
}

const hidingKeys = ['hide_settings', 'hide_account_settings', 'hide_advanced_settings'];

/** Finds keys that lock the user out of the settings. */
export function* checkHiddenSettings({ document }: LintSubject): Generator<Remark> {
  for (const key of hidingKeys) {
    if (valueIn(document.get('ui'), key) !== '1') continue;
    yield { rule: 'settings-hidden', section: 'ui', key, message: `${key}=1 keeps users out of settings` };
  }
}
