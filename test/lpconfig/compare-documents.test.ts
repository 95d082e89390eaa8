import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareDocuments } from '../../src/lpconfig/compare-documents.ts';
import { documentOf, mergeDocuments } from '../../src/lpconfig/document.ts';

test('what was added, changed and taken away is told apart', () => {
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

test('pinned instead of seeded is a change, another origin is none', () => {
  const pinned = documentOf({ sip: { a: '1' } }, { layer: 'space' });
  assert.equal(compareDocuments(documentOf({ sip: { a: '1' } }, { overwrite: false }), pinned).length, 1);
  assert.deepEqual(compareDocuments(documentOf({ sip: { a: '1' } }, { layer: 'linphonerc' }), pinned), []);
});

test('a document differs from itself in nothing, and merging what was added leads from one to the other', () => {
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
