import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/errors.ts';
import { type Document, documentOf } from '../../src/lpconfig/document.ts';
import { checkEntry, checkName } from '../../src/lpconfig/rules.ts';
import { documentHead, documentTail, writeDocument, writeSection } from '../../src/lpconfig/write-document.ts';
import { assertValidDocument, type ParsedDocument, parseDocument } from '../support/xml.ts';
import { anyName, anyText, anyValue, documentsWith } from './arbitraries.ts';

/** What a phone should read of a document: everything but empty sections. */
function expectedOf(document: Document): ParsedDocument {
  const filled = [...document].filter(([, section]) => section.size > 0);
  return new Map(
    filled.map(([name, section]) => [
      name,
      new Map([...section].map(([key, { value, overwrite }]) => [key, { value, overwrite }])),
    ]),
  );
}

/** With the order of sections and entries, which assert.deepEqual of Maps does not look at. */
function listOf(parsed: ParsedDocument): unknown[] {
  return [...parsed].map(([name, section]) => [name, [...section]]);
}

function isAllowed(document: Document): boolean {
  return [...document].every(
    ([name, section]) =>
      section.size === 0 ||
      (checkName(name) === undefined && [...section].every(([key, { value }]) => checkEntry(key, value) === undefined)),
  );
}

describe('the written document', () => {
  test('is XML with overwrite="true" on the entries that overwrite', () => {
    const document = new Map([
      ...documentOf({ sip: { a: '1' } }),
      ...documentOf({ net: { mtu: '' } }, { overwrite: false }),
    ]);
    assert.equal(
      writeDocument(document),
      `<?xml version="1.0" encoding="UTF-8"?>
<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">
  <section name="sip">
    <entry name="a" overwrite="true">1</entry>
  </section>
  <section name="net">
    <entry name="mtu"></entry>
  </section>
</config>
`,
    );
  });

  const escapes: [string, string][] = [
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
    ['"', '&quot;'],
    ["'", "'"],
    ['"a" & <b>', '&quot;a&quot; &amp; &lt;b&gt;'],
  ];
  for (const [value, written] of escapes) {
    test(`has ${value} as ${written}`, () => {
      assert.ok(writeDocument(documentOf({ s: { k: value } })).includes(`>${written}</entry>`));
    });
  }

  test('is valid without any section', () => {
    const xml = writeDocument(new Map());
    assertValidDocument(xml);
    assert.equal(xml, documentHead + documentTail);
  });

  test('omits empty sections', () => {
    assert.equal(writeSection('sip', new Map()), '');
  });

  test('equals the concatenation of its prepared pieces', () => {
    const document = documentOf({ sip: { a: '1' }, net: { mtu: '1300' } });
    const pieces = [...document].map(([name, section]) => writeSection(name, section));
    assert.equal(writeDocument(document), [documentHead, ...pieces, documentTail].join(''));
  });

  const values = [
    '& < > " \'',
    '&amp;',
    ']]>',
    '<![CDATA[x]]>',
    '<!-- x -->',
    ' blanks around ',
    '   ',
    '\u00a0\u2028\ufeff',
    '\ufeff a byte order mark before a long text',
    '☎️ Zoë 👩‍👩‍👧',
    '"A \\"B\\"" <sip:a@b>',
    '&#13;',
    '%0a',
    'x'.repeat(15_990),
    `&${'é'.repeat(7_990)}`,
  ];
  for (const value of values) {
    test(`preserves ${JSON.stringify(value.slice(0, 20))} (${value.length} characters)`, () => {
      const document = documentOf({ proxy_0: { key: value } });
      const xml = writeDocument(document);
      assertValidDocument(xml);
      assert.deepEqual(listOf(parseDocument(xml)), listOf(expectedOf(document)));
    });
  }

  test('is valid, and reads back as exactly the same entries in the same order, for all allowed values', () => {
    fc.assert(
      fc.property(documentsWith(anyValue), (document) => {
        const xml = writeDocument(document);
        assertValidDocument(xml);
        assert.deepEqual(listOf(parseDocument(xml)), listOf(expectedOf(document)));
      }),
      { numRuns: 500 },
    );
  });

  test('is either exact or refused as document-invalid, for any values', () => {
    fc.assert(
      fc.property(documentsWith(anyText, fc.oneof(anyName, { weight: 1, arbitrary: anyText })), (document) => {
        if (isAllowed(document)) {
          assert.deepEqual(listOf(parseDocument(writeDocument(document))), listOf(expectedOf(document)));
        } else {
          assert.throws(
            () => writeDocument(document),
            (error) => error instanceof AppError && error.code === 'document-invalid',
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the writer of documents', () => {
  const refusals: [string, Document, string][] = [
    [
      'a line break in a value, naming section and entry but not the value',
      documentOf({ proxy_0: { ha1: 'se\ncret' } }),
      'The entry "ha1" of section "proxy_0" must not contain control characters (U+000A).',
    ],
    [
      'half a surrogate pair',
      documentOf({ s: { k: '\ud83d' } }),
      'The entry "k" of section "s" must not contain an unpaired surrogate (U+D83D).',
    ],
    [
      'one byte too many',
      documentOf({ s: { k: 'x'.repeat(15_999) } }),
      'The entry "k" of section "s" must be at most 16000 bytes of UTF-8 as key=value (it has 16001).',
    ],
    [
      '20,000 characters',
      documentOf({ s: { k: 'x'.repeat(20_000) } }),
      'The entry "k" of section "s" must be at most 16000 bytes of UTF-8 as key=value (it has 20002).',
    ],
    [
      'a name with markup',
      documentOf({ s: { '"><x': '' } }),
      'The entry ""><x" of section "s" must be 1 to 100 characters of A-Z a-z 0-9 _ . : - /.',
    ],
    [
      'a name with a line break, which its message does not repeat',
      documentOf({ s: { 'a\nb': '' } }),
      'The entry "a␊b" of section "s" must be 1 to 100 characters of A-Z a-z 0-9 _ . : - /.',
    ],
    [
      'an empty section name',
      documentOf({ '': { k: '' } }),
      'The section "" must be 1 to 100 characters of A-Z a-z 0-9 _ . : -.',
    ],
    [
      'a section name of 20,000 characters, which its message cuts',
      documentOf({ ['x'.repeat(20_000)]: { k: '' } }),
      `The section "${'x'.repeat(80)}…" must be 1 to 100 characters of A-Z a-z 0-9 _ . : -.`,
    ],
  ];
  for (const [title, document, message] of refusals) {
    test(`refuses ${title}`, () =>
      assert.throws(() => writeDocument(document), { name: 'AppError', code: 'document-invalid', message }));
  }

  test('refuses a value that is not text', () => {
    for (const value of JSON.parse('[null, 5, ["a"]]')) {
      assert.throws(() => writeSection('s', new Map([['k', { value, overwrite: true }]])), {
        code: 'document-invalid',
      });
    }
  });
});
