import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { documentOf, findValue, mergeDocuments } from '../../src/lpconfig/document.ts';
import { anyValue, documentsWith } from './arbitraries.ts';

describe('a document', () => {
  test('is created from a literal, with entries that overwrite and know their layer', () => {
    const document = documentOf({ sip: { media_encryption: 'srtp' } }, { layer: 'space' });
    assert.deepEqual(document.get('sip')?.get('media_encryption'), {
      value: 'srtp',
      overwrite: true,
      origin: { layer: 'space' },
    });
  });

  test('can be created with entries that do not overwrite', () => {
    const document = documentOf({ sip: { media_encryption: 'srtp' } }, { overwrite: false });
    assert.deepEqual(document.get('sip')?.get('media_encryption'), { value: 'srtp', overwrite: false });
  });

  test('returns a value, or undefined if the section or entry is absent', () => {
    const document = documentOf({ sip: { media_encryption: 'srtp', empty: '' } });
    assert.equal(findValue(document, 'sip', 'media_encryption'), 'srtp');
    assert.equal(findValue(document, 'sip', 'empty'), '');
    assert.equal(findValue(document, 'sip', 'toString'), undefined);
    assert.equal(findValue(document, 'constructor', 'name'), undefined);
  });
});

describe('merging layers', () => {
  test('replaces an entry of the same section and name in its place and appends what is new', () => {
    const merged = mergeDocuments(
      documentOf({ sip: { a: '1', b: '2' }, net: { mtu: '1300' } }, { layer: 'instance', overwrite: false }),
      documentOf({ misc: { x: '1' }, sip: { c: '3', a: 'new' } }, { layer: 'space' }),
    );
    assert.deepEqual([...merged.keys()], ['sip', 'net', 'misc']);
    assert.deepEqual([...(merged.get('sip')?.keys() ?? [])], ['a', 'b', 'c']);
    assert.deepEqual(merged.get('sip')?.get('a'), { value: 'new', overwrite: true, origin: { layer: 'space' } });
    assert.equal(merged.get('sip')?.get('b')?.overwrite, false);
  });

  test('keeps names that look like numbers in order of first mention', () => {
    const low = new Map([
      [
        's',
        new Map([
          ['10', { value: 'a', overwrite: true }],
          ['2', { value: 'b', overwrite: true }],
        ]),
      ],
    ]);
    const merged = mergeDocuments(low, documentOf({ '7': { x: '' }, s: { '1': 'c', '10': 'd' } }));
    assert.deepEqual([...(merged.get('s')?.keys() ?? [])], ['10', '2', '1']);
  });

  test('gives an empty document without any layer', () => {
    assert.equal(mergeDocuments().size, 0);
  });

  test('takes every entry from the highest layer that has it, and does not change the layers', () => {
    fc.assert(
      fc.property(fc.array(documentsWith(anyValue), { maxLength: 4 }), (layers) => {
        const before = structuredClone(layers);
        const merged = mergeDocuments(...layers);
        assert.deepEqual(layers, before);
        for (const section of new Set(layers.flatMap((layer) => [...layer.keys()]))) {
          for (const entry of new Set(layers.flatMap((layer) => [...(layer.get(section)?.keys() ?? [])]))) {
            const highest = layers.findLast((layer) => layer.get(section)?.has(entry));
            assert.equal(merged.get(section)?.get(entry), highest?.get(section)?.get(entry));
          }
        }
      }),
    );
  });
});
