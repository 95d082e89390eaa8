import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { IntlMessageFormat } from 'intl-messageformat';

function catalogue(language: string): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`../../src/locale/${language}.json`, import.meta.url), 'utf8'));
}

type Elements = readonly { readonly type: number; readonly value?: unknown; readonly options?: unknown }[];

/** The names of what is put into a message, sorted. Literals have type 0 and `#` has type 7. */
function argumentsOf(elements: Elements): string[] {
  const names = new Set<string>();
  for (const { type, value, options } of elements) {
    if (type !== 0 && type !== 7) names.add(String(value));
    for (const option of Object.values((options ?? {}) as Record<string, { value: Elements }>)) {
      for (const name of argumentsOf(option.value)) names.add(name);
    }
  }
  return [...names].sort();
}

function parsed(text: string, language: string): string[] {
  return argumentsOf(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst() as Elements);
}

/** Returns the keys that no file of `src/` names, neither as they are nor by a template that they match. */
function unusedKeys(keys: readonly string[]): string[] {
  const folder = new URL('../../src/', import.meta.url);
  const code = globSync('**/*.{ts,js}', { cwd: folder }).map((path) => readFileSync(new URL(path, folder), 'utf8'));
  const texts = code.join('\n');
  const literals = new Set(texts.match(/(?<=')[\w.-]+(?=')/g));
  const templates = (texts.match(/(?<=`)(?:[\w-]+\.)+[\w.-]*\$\{[^`]*(?=`)/g) ?? []).map((template) => {
    const fixed = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.-]/g, '\\$&'));
    return new RegExp(`^${fixed.join('.+')}$`);
  });
  return keys.filter((key) => !literals.has(key) && !templates.some((template) => template.test(key)));
}

/** Returns the sentences of a catalogue of several texts for each key. */
function textsIn(texts: object): [key: string, text: string][] {
  return Object.entries(texts).flatMap(([key, each]) =>
    Object.entries(each as Record<string, string>).map(([part, text]): [string, string] => [`${key}.${part}`, text]),
  );
}

suite('the catalogues of texts', () => {
  const en = catalogue('en');
  const fr = catalogue('fr');

  test('have the same keys in the same order', () => {
    assert.deepEqual(Object.keys(fr), Object.keys(en));
  });

  test('have no text that is never used', () => {
    assert.deepEqual(unusedKeys(Object.keys(en)), []);
  });

  test('take the same arguments in each language', () => {
    for (const [key, text] of Object.entries(en)) {
      assert.deepEqual(parsed(fr[key] ?? '', 'fr'), parsed(text, 'en'), key);
    }
  });

  test('break no French line before a sign or within quotation marks', () => {
    const all = [...Object.entries(fr), ...textsIn(catalogue('lint-fr'))];
    assert.ok(all.length > Object.keys(fr).length);
    const torn = all.filter(([, text]) =>
      / [:;?!»%]|« |(?<=[\p{L}\p{N}})>])(?:[;?!](?=\s|$)|»)|«(?!\u00a0)/u.test(text),
    );
    assert.deepEqual(torn, []);
  });

  test('name an external line and a closed connection as the panel does', () => {
    const { 'manual.group.External accounts': _ofTheApi, ...texts } = en;
    const others = [...Object.entries(texts), ...Object.entries(fr)].filter(([, text]) =>
      /external account|compte externe|hung up|raccroché/i.test(text),
    );
    assert.deepEqual(others, []);
  });

  test('have a text for each key, without spaces around it', () => {
    for (const [key, text] of [...Object.entries(en), ...Object.entries(fr)]) {
      assert.ok(text !== '' && text === text.trim(), key);
    }
  });
});
