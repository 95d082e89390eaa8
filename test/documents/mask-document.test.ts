import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskDocument } from '../../src/documents/mask-document.ts';
import { loadKeyCatalogue } from '../../src/lpconfig/key-catalogue.ts';

const catalogue = await loadKeyCatalogue();
const valueAfter = (section: string, key: string, value = 'plain'): string | undefined => {
  const document = new Map([[section, new Map([[key, { value, overwrite: true }]])]]);
  return maskDocument(document, catalogue, () => '…')
    .get(section)
    ?.get(key)?.value;
};

test('exactly the keys that the catalogue calls secret are masked', () => {
  let secrets = 0;
  for (const [section, { keys }] of catalogue) {
    for (const [key, { secret = false }] of keys) {
      const shown = valueAfter(section.replace(/_N$/, '_3'), key.replace(/_N$/, '_0'));
      assert.equal(shown, secret ? '…' : 'plain', `${section}/${key}`);
      if (secret) secrets += 1;
    }
  }
  assert.ok(secrets >= 11);
});

test('a key in an unknown section is masked if it is secret in any other section', () => {
  assert.equal(valueAfter('my_section', 'ha1'), '…');
  assert.equal(valueAfter('my_section', 'config-uri-header_7'), '…');
  assert.equal(valueAfter('my_section', 'colour'), 'plain');
});

test('an empty value, which only deletes, stays empty', () => assert.equal(valueAfter('auth_info_0', 'ha1', ''), ''));
