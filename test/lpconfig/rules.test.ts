import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Complaint, complaintSentence } from '../../src/errors/complaints.ts';
import { checkCharacters } from '../../src/lib/forbidden-characters.ts';
import { checkEntry, checkKey, checkName } from '../../src/lpconfig/rules.ts';

function told(complaint: Complaint | undefined): string | undefined {
  return complaint === undefined ? undefined : complaintSentence(complaint);
}

describe('a name', () => {
  for (const name of ['a', 'proxy_0', 'config-uri-header_0', 'alerts::camera', 'a.b', '0', 'x'.repeat(100)]) {
    test(`may be ${name.slice(0, 30)}`, () => assert.equal(checkName(name), undefined));
  }

  const refused = [
    '',
    ' ',
    'a b',
    'a=b',
    'a[b]',
    '[a',
    'a/b',
    'é',
    'a\n',
    '\na',
    'a\u0000',
    'x'.repeat(101),
    'x'.repeat(20_000),
  ];
  for (const name of refused) {
    test(`may not be ${JSON.stringify(name).slice(0, 30)} (${name.length} characters)`, () => {
      assert.equal(told(checkName(name)), 'must be 1 to 100 characters of A-Z a-z 0-9 _ . : -');
    });
  }

  test('is always judged the same, however many names were checked before', () => {
    for (let i = 0; i < 5_000; i += 1) assert.equal(checkName(`name_${i}`), undefined);
    assert.equal(checkName('name_4999'), undefined);
    assert.notEqual(checkName('name 4999'), undefined);
  });
});

describe('the name of a key', () => {
  for (const name of ['a', 'disable_chat_feature/readonly', '/', 'a/b/c', 'x'.repeat(100)]) {
    test(`may be ${name.slice(0, 30)}`, () => assert.equal(checkKey(name), undefined));
  }

  for (const name of ['', 'a b', 'a=b', 'a\\b', 'é/a', 'a/\n', `${'x'.repeat(100)}/`]) {
    test(`may not be ${JSON.stringify(name).slice(0, 30)}`, () => {
      assert.equal(told(checkKey(name)), 'must be 1 to 100 characters of A-Z a-z 0-9 _ . : - /');
    });
  }

  test('does not make a section of the same name valid', () => {
    assert.equal(checkKey('a/z'), undefined);
    assert.notEqual(checkName('a/z'), undefined);
  });
});

describe('an entry', () => {
  const tooLong = (bytes: number) => `must be at most 16000 bytes of UTF-8 as key=value (it has ${bytes})`;

  test('may have 16,000 bytes with its name and the =, but not more', () => {
    assert.equal(checkEntry('key', 'x'.repeat(15_996)), undefined);
    assert.equal(told(checkEntry('key', 'x'.repeat(15_997))), tooLong(16_001));
  });

  test('is measured in bytes of UTF-8', () => {
    assert.equal(checkEntry('key', '☎'.repeat(5_332)), undefined);
    assert.equal(told(checkEntry('key', '☎'.repeat(5_333))), tooLong(16_003));
    assert.equal(told(checkEntry('key', '👩'.repeat(4_000))), tooLong(16_004));
  });

  test('is refused for its name first, then for its value', () => {
    assert.deepEqual(checkEntry('a b', '\n'), checkKey('a b'));
    assert.deepEqual(checkEntry('a', '\n'), checkCharacters('\n'));
  });
});
