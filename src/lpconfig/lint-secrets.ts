import { findKey } from './key-catalogue.ts';
import { type LintSubject, numbered, type Remark, valueIn } from './lint-check.ts';

/** The `auth_info_N`: an HA1 that works, and a slot of its own for each. Messages never hold a secret. */
export function* checkCredentials({ document }: LintSubject): Generator<Remark> {
  const slots = new Map<string, string>();
  for (const { name: section, section: entries } of numbered(document, 'auth_info_')) {
    const ha1 = valueIn(entries, 'ha1');
    if (ha1 !== undefined) {
      const algorithm = valueIn(entries, 'algorithm') ?? 'MD5';
      const length = algorithm === 'SHA-256' ? 64 : 32;
      if (ha1.length !== length || !/^[0-9a-f]+$/.test(ha1)) {
        const message = `ha1 must be ${length} digits of lowercase hex for ${algorithm}`;
        yield { rule: 'ha1-malformed', section, key: 'ha1', message };
      }
      if (valueIn(entries, 'realm') === undefined) {
        yield { rule: 'ha1-without-realm', section, key: 'ha1', message: `${section} has an ha1 and no realm` };
      }
    }
    const username = valueIn(entries, 'username');
    if (username === undefined) continue;
    const slot = JSON.stringify([username, valueIn(entries, 'realm'), valueIn(entries, 'domain')]);
    const earlier = slots.get(slot);
    if (earlier !== undefined) {
      const message = `${section} has the username, realm and domain of ${earlier}`;
      yield { rule: 'credentials-replaced', section, key: 'username', message };
    } else slots.set(slot, section);
  }
}

/** Secrets in what everybody gets. */
export function* checkPublicity({ document, catalogue, audience }: LintSubject): Generator<Remark> {
  if (audience !== 'everybody') return;
  for (const [section, entries] of document) {
    for (const [key, { value }] of entries) {
      if (value === '' || findKey(catalogue, section, key)?.secret !== true) continue;
      yield { rule: 'secret-in-base', section, key, message: `${key} is a secret in a text that everybody gets` };
    }
  }
}

const doorsToSettings = ['hide_settings', 'hide_account_settings', 'hide_advanced_settings'];

/** What shuts the user out. */
export function* checkDoors({ document }: LintSubject): Generator<Remark> {
  for (const key of doorsToSettings) {
    if (valueIn(document.get('ui'), key) !== '1') continue;
    yield { rule: 'settings-hidden', section: 'ui', key, message: `${key}=1 keeps users out of settings` };
  }
}
