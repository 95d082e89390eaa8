import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { documentOf } from '../../src/lpconfig/document.ts';
import {
  findKey,
  findSection,
  type KeyFacts,
  loadKeyCatalogue,
  suggestKey,
  suggestSection,
} from '../../src/lpconfig/key-catalogue.ts';
import { lintDocument } from '../../src/lpconfig/lint-document.ts';
import { checkName } from '../../src/lpconfig/rules.ts';

const catalogue = await loadKeyCatalogue();
const all: readonly KeyFacts[] = [...catalogue.values()].flatMap(({ keys }) => [...keys.values()]);

describe('the catalogue of keys', () => {
  test('knows hundreds of keys, most of them with a meaning', () => {
    assert.ok(all.length > 750);
    assert.ok(all.filter(({ meaning }) => meaning !== undefined).length > all.length * 0.9);
  });

  test('is read once', () => assert.equal(loadKeyCatalogue(), loadKeyCatalogue()));

  test('finds numbered sections and keys by their pattern', () => {
    assert.equal(findKey(catalogue, 'proxy_12', 'reg_proxy')?.type, 'address');
    assert.equal(findKey(catalogue, 'misc', 'config-uri-header_3')?.secret, true);
    assert.equal(findSection(catalogue, 'nat_policy_0'), findSection(catalogue, 'nat_policy_N'));
    for (const name of ['proxy_', 'proxy_01', 'proxy_-1', 'proxy', 'sip_0']) {
      assert.equal(findSection(catalogue, name), undefined, name);
    }
  });

  test('suggests what is close, and not what is merely part of a name', () => {
    assert.equal(suggestSection(catalogue, 'prox_0'), 'proxy_0');
    assert.equal(suggestSection(catalogue, 'something_else'), undefined);
    assert.equal(suggestKey(catalogue, 'net', 'mtuu'), 'mtu');
    assert.equal(suggestKey(catalogue, 'sip', 'a_contact_of_mine'), undefined);
    assert.equal(suggestKey(catalogue, 'nowhere', 'media_encryption'), 'sip/media_encryption');
  });

  test('has names that a linphonerc can hold, and meanings of one line', () => {
    for (const { section, key, meaning = '' } of all) {
      assert.equal(checkName(section) ?? checkName(key), undefined, `${section}/${key}`);
      assert.doesNotMatch(meaning, /[\n|]/);
      assert.ok(meaning === '' || meaning.endsWith('.'), `${section}/${key}: ${meaning}`);
    }
  });

  test('says of each key where it is known from, and leads only to keys that are still read', () => {
    for (const facts of all) {
      const name = `${facts.section}/${facts.key}`;
      assert.ok(facts.in.length > 0, name);
      assert.equal(facts.in.includes('documentation') && facts.in.length > 1, false, name);
      if (facts.instead === undefined) continue;
      const [section = '', key = ''] = facts.instead.split('/');
      const other = findKey(catalogue, section, key);
      assert.ok(other !== undefined && other.instead === undefined, `${name} leads to ${facts.instead}`);
    }
  });

  test('has defaults that its own types allow', () => {
    for (const { section, key, default: value, ...facts } of all) {
      if (value === undefined || facts.instead !== undefined || facts.in.includes('documentation')) continue;
      const document = documentOf({ [section.replace(/_N$/, '_0')]: { [key.replace(/_N$/, '_0')]: value } });
      const rules = lintDocument(document, { catalogue, audience: 'account' }).map(({ rule }) => rule);
      assert.deepEqual(
        rules.filter((rule) => !['old-versions-only', 'settings-hidden'].includes(rule)),
        [],
        `${section}/${key}=${value}`,
      );
    }
  });
});
