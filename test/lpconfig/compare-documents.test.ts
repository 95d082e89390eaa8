import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareDocuments } from '../../src/lpconfig/compare-documents.ts';
import { documentOf, mergeDocuments } from '../../src/lpconfig/document.ts';

test('added, changed and removed entries are listed', () => {
  const before = documentOf({ sip: { a: '1', b: '2' }, net: { mtu: '1300' } });
  const after = documentOf({ sip: { a: '1', b: '3', c: '4' } });
  const told = compareDocuments(before, after).map(({ section, entry, before: was, after: is }) => [
    `${section}/${entry}`,
    was?.value,
    is?.value,
  ]);
  assert.deepEqual(told, [
    ['sip/b', '2', '3'],
    ['sip/c', undefined, '4'],
    ['net/mtu', '1300', undefined],
  ]);
});

test('an entry that is pinned instead of seeded has changed, and one with another origin has not', () => {
  const pinned = documentOf({ sip: { a: '1' } }, { layer: 'space' });
  assert.equal(compareDocuments(documentOf({ sip: { a: '1' } }, { overwrite: false }), pinned).length, 1);
  assert.deepEqual(compareDocuments(documentOf({ sip: { a: '1' } }, { layer: 'linphonerc' }), pinned), []);
});

test('a document does not differ from itself, and merging the added entries turns one document into the other', () => {
  const name = fc.stringMatching(/^[a-z]{1,3}$/);
  const anyDocument = fc.dictionary(name, fc.dictionary(name, fc.string())).map((sections) => documentOf(sections));
  fc.assert(
    fc.property(anyDocument, anyDocument, (one, other) => {
      assert.deepEqual(compareDocuments(one, one), []);
      const merged = mergeDocuments(one, other);
      for (const { before, after } of compareDocuments(one, merged)) {
        assert.notEqual(after, undefined, 'merging takes nothing away');
        assert.notDeepEqual(before, after);
      }
    }),
  );
});
