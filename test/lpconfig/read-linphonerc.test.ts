import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readLinphonerc } from '../../src/lpconfig/read-linphonerc.ts';
import { writeDocument } from '../../src/lpconfig/write-document.ts';
import { assertGrowsLinearly } from '../support/growth.ts';
import { assertValidDocument } from '../support/xml.ts';
import { anyText, anyValue, documentsWith } from './arbitraries.ts';
import { complaintsOf, flat } from './flat.ts';

describe('a linphonerc', () => {
  const table: [string, string, string[]][] = [
    ['nothing', '', []],
    ['a byte order mark and nothing else', '\ufeff', []],
    ['one key', '[s]\nk=v', ['s/k=v']],
    ['a byte order mark before the first section', '\ufeff[s]\nk=v\n', ['s/k=v']],
    ['CR-LF line ends', '[s]\r\nk=v\r\n\r\nl=w\r\n', ['s/k=v', 's/l=w']],
    ['blank lines and lines of blanks', '\n  \n\t\n[s]\n \nk=v\n\n', ['s/k=v']],
    ['comments, also indented and before the first section', '# a=b\n[s]\n  # [t]\n  #\n#k=1\nk=v', ['s/k=v']],
    ['blanks around key, = and value', '[s]\n \tk \t = \t v w \t ', ['s/k=v w']],
    ['an empty value', '[s]\nk=\nl=   ', ['s/k=', 's/l=']],
    ['everything after the first = as the value', '[s]\nk=a=b==c', ['s/k=a=b==c']],
    ['quotes as part of the value', '[s]\nk="v"\nl=\'w', ['s/k="v"', "s/l='w"]],
    ['backslashes, % and $ as they are', '[s]\nk=\\n\\"%41$HOME', ['s/k=\\n\\"%41$HOME']],
    ['# and ; inside a value as part of it', '[s]\nk=a # b ; c', ['s/k=a # b ; c']],
    ['brackets inside a value as part of it', '[s]\nk=[t]\nl=a[0]', ['s/k=[t]', 's/l=a[0]']],
    [
      'words, numbers and booleans without converting them',
      '[s]\na=true\nb=off\nc=007\nd=null\ne=1e3',
      ['s/a=true', 's/b=off', 's/c=007', 's/d=null', 's/e=1e3'],
    ],
    [
      'dotted keys, keys with colons and dashes, keys of digits',
      '[s]\na.b=1\nx::y=2\nconfig-uri=3\n0=4',
      ['s/a.b=1', 's/x::y=2', 's/config-uri=3', 's/0=4'],
    ],
    ['no-break spaces and other writing as part of the value', '[s]\nk=\u00a0é☎️\u2003', ['s/k=\u00a0é☎️\u2003']],
    ['the later of two lines for the same key, in the place of the first', '[s]\na=1\nb=2\na=3', ['s/a=3', 's/b=2']],
    ['keys that differ in letter case as different', '[s]\na=1\nA=2', ['s/a=1', 's/A=2']],
    ['a section that is reopened', '[s]\na=1\n[t]\nb=2\n[s]\nc=3\na=4', ['s/a=4', 's/c=3', 't/b=2']],
    ['an indented section and one with blanks inside its brackets', ' [s]\na=1\n[ t\t]\nb=2', ['s/a=1', 't/b=2']],
    ['the first word of a section that has parameters', '[s name=value other=x]\na=1', ['s/a=1']],
    ['a comment after a section', '[s] # the first\na=1', ['s/a=1']],
    [
      'sections and keys that look like numbers in their order',
      '[10]\n7=a\n3=b\n[2]\nk=c',
      ['10/7=a', '10/3=b', '2/k=c'],
    ],
    [
      'names that every object has',
      '[__proto__]\nconstructor=1\n__proto__=2',
      ['__proto__/constructor=1', '__proto__/__proto__=2'],
    ],
    ['no line end after the last line', '[s]\na=1', ['s/a=1']],
  ];
  for (const [title, text, expected] of table) {
    test(`is read as Linphone reads it: ${title}`, () => {
      assert.deepEqual(flat(readLinphonerc(text).document), expected);
      assert.deepEqual(complaintsOf(text), []);
    });
  }

  test('is read with entries that overwrite and know their layer and line', () => {
    const { document } = readLinphonerc('\n[s]\nk=1\nk=2\n', { layer: 'space' });
    assert.deepEqual(document.get('s')?.get('k'), {
      value: '2',
      overwrite: true,
      origin: { layer: 'space', line: 4, column: 1 },
    });
  });

  test('is read with 15,996 bytes of value behind a key of three', () => {
    assert.deepEqual(complaintsOf(`[s]\nkey=${'x'.repeat(15_996)}`), []);
  });

  test('is read back into the document that was written', () => {
    const value = anyValue.map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''));
    fc.assert(
      fc.property(documentsWith(value), fc.constantFrom('\n', '\r\n'), (document, lineEnd) => {
        const lines = [...document].flatMap(([name, section]) => [
          `[${name}]`,
          ...[...section].map(([key, entry]) => `${key} = ${entry.value}`),
        ]);
        const read = readLinphonerc(lines.join(lineEnd));
        assert.deepEqual(read.mistakes, []);
        const withKeys = [...document].filter(([, section]) => section.size > 0);
        assert.deepEqual(
          [...read.document.keys()],
          withKeys.map(([name]) => name),
        );
        assert.deepEqual(flat(read.document), flat(document));
      }),
    );
  });
});

describe('unusual but harmless text in a linphonerc', () => {
  const tab = (before: string) => `a tab before the ${before}; Linphone itself allows only spaces there`;
  const skipped = 'skipped; comments begin with #';
  const table: [string, string, string[], string[]][] = [
    [
      'a line that begins with ;',
      '[s]\n; old=1\nk=v',
      [`warning 2:1 ${skipped}, and Linphone reads this as a key`],
      ['s/k=v'],
    ],
    ['such a line before the first section, indented', '  ;\n[s]\nk=v', [`warning 1:3 ${skipped}`], ['s/k=v']],
    [
      'words after a section',
      '[s] a=1\nk=v',
      ['warning 1:5 ignored, because Linphone ignores what follows the ]'],
      ['s/k=v'],
    ],
    ['a tab before a section', '[s]\nk=v\n \t[t]\nl=w', [`warning 3:2 ${tab('[')}`], ['s/k=v', 't/l=w']],
    ['a tab before a comment', '[s]\n\t# l=w\nk=v', [`warning 2:1 ${tab('#')}`], ['s/k=v']],
  ];
  for (const [title, text, complaints, expected] of table) {
    test(`causes a warning: ${title}`, () => {
      assert.deepEqual(complaintsOf(text), complaints);
      assert.deepEqual(flat(readLinphonerc(text).document), expected);
    });
  }
});

describe('any text as a linphonerc', () => {
  const anyLine = fc
    .array(
      fc.oneof(anyText, fc.constantFrom('[', ']', '[s]', '=', 'key', '#', ';', ' ', '\t', '\ufeff', 'x'.repeat(200))),
      { maxLength: 6 },
    )
    .map((pieces) => pieces.join(''));
  const anyLinphonerc = fc.array(fc.oneof(anyLine, fc.constantFrom('[s]', '[t x=y]', 'k=v', 'l = "a" <b>')), {
    maxLength: 12,
  });

  test('is either written as a valid document, or has an error with its place', () => {
    fc.assert(
      fc.property(anyLinphonerc, fc.constantFrom('\n', '\r\n', '\r'), (lines, lineEnd) => {
        const text = lines.join(lineEnd);
        const { document, mistakes } = readLinphonerc(text);
        assertValidDocument(writeDocument(document));
        const count = text.split('\n').length;
        for (const { line, column, message } of mistakes)
          assert.ok(line >= 1 && line <= count && column >= 1 && message !== '');
      }),
      { numRuns: 1_000 },
    );
  });

  const hostile: readonly (readonly [title: string, text: (size: number) => string])[] = [
    ['blanks before a letter', (size) => `[s]\nk=${' '.repeat(size / 2)}x${' '.repeat(size / 2)}`],
    ['opening brackets', (size) => '['.repeat(size)],
    ['a section with parameters', (size) => `[s ${'a=b '.repeat(size / 4)}]`],
    ['equals signs', (size) => `[s]\nk${'='.repeat(size)}`],
    ['line ends', (size) => '\n'.repeat(size)],
    ['one-letter lines', (size) => 'x\n'.repeat(size / 2)],
    ['keys', (size) => `[s]\n${Array.from({ length: size / 8 }, (_, i) => `k${i}=v\n`).join('')}`],
  ];
  for (const [title, text] of hostile) {
    test(`takes time that grows only with its length for half a megabyte of ${title}`, () => {
      assertGrowsLinearly(text, readLinphonerc, 500_000);
    });
  }
});
