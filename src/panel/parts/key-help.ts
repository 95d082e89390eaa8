import { html } from 'ghtml';
import { findKey, type KeyFacts, loadKeyCatalogue } from '../../lpconfig/key-catalogue.ts';
import { readLinphonerc } from '../../lpconfig/read-linphonerc.ts';
import type { Reader } from '../reader.ts';

/** Returns one line in English for each known key of a linphonerc text: its meaning, its default, and who reads it. */
export async function keyHelp({ t, language }: Reader, text: string): Promise<string> {
  const catalogue = await loadKeyCatalogue();
  const known = [...readLinphonerc(text).document].flatMap(([section, entries]) =>
    [...entries.keys()].flatMap((key) => {
      const facts = findKey(catalogue, section, key);
      return facts?.meaning === undefined ? [] : [[`[${section}] ${key}`, facts] as const];
    }),
  );
  if (known.length === 0) return '';
  const lines = known.map(
    ([name, facts]) => html`<dt><code>${name}</code></dt><dd class="soft" lang="en">${helpOf(facts)}</dd>`,
  );
  return html`<details><summary>${t('rc.keys')}</summary>!${language === 'en' ? '' : html`<p class="hint">${t('rc.keysInEnglish')}</p>`}<dl class="keys">!${lines}</dl></details>`;
}

function helpOf({ meaning = '', default: usual, in: readers }: KeyFacts): string {
  const otherwise = usual === undefined || usual === '' ? '' : ` ${usual} by default.`;
  return `${meaning}${otherwise} Known to ${readers.join(', ')}.`;
}
