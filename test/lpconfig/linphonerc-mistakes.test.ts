import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeLinphonerc,
  formatMistake,
  readLinphonerc,
  readLinphonercBytes,
} from '../../src/lpconfig/read-linphonerc.ts';
import { anyText } from './arbitraries.ts';
import { complaintsOf, flat } from './flat.ts';

const rule = 'must be 1 to 100 characters of A-Z a-z 0-9 _ . : -';
const keyRule = `${rule} /`;

describe('a linphonerc with a mistake', () => {
  const neither = 'is neither [section] nor key=value nor a # comment';
  const mark = 'begins with a byte order mark, which may stand only once, before all else';
  const table: [string, string, string][] = [
    ['a key before the first section', 'k=v\n[s]', '1:1 the key comes before the first [section]'],
    ['an indented key before the first section', '\n  k=v\n[s]', '2:3 the key comes before the first [section]'],
    ['a section without its closing bracket', '[s]\n  [net\nk=v', '2:3 the section lacks its closing ]'],
    ['a section without a name', '[]', '1:1 the section has no name'],
    ['a section of blanks', '[ \t ]', '1:1 the section has no name'],
    ['a section with a bracket in its name', '[[s]]', `1:2 the section's name ${rule}`],
    ['a section with a letter outside of ASCII in its name', '[ é ]', `1:3 the section's name ${rule}`],
    ['a section with / in its name', '[a/b]', `1:2 the section's name ${rule}`],
    ['a section with = in its name', '[s=x]', `1:2 the section's name ${rule}`],
    ['a section with a name of 101 characters', `[${'s'.repeat(101)}]`, `1:2 the section's name ${rule}`],
    ['a section with a control character in its name', '[s\u0007]', `1:2 the section's name ${rule}`],
    ['a line without =', '[s]\nkey value', `2:1 ${neither}`],
    ['a line of letters before the first section', 'hello', `1:1 ${neither}`],
    ['a line of no-break spaces', '[s]\n\u00a0', `2:1 ${neither}`],
    ['a second byte order mark', '\ufeff\ufeff', `1:1 ${mark}`],
    ['a second byte order mark before a section', '\ufeff\ufeff[s]', `1:1 ${mark}`],
    ['a second byte order mark before a comment', '\ufeff\ufeff# [s]=', `1:1 ${mark}`],
    ['a byte order mark in the middle, as where two files were joined', '[s]\nk=v\n\ufeff[t]', `3:1 ${mark}`],
    ['XML', '<config>', `1:1 ${neither}`],
    ['an empty key', '[s]\n=v', '2:1 there is no key before the ='],
    ['a key of blanks', '[s]\n  =v', '2:3 there is no key before the ='],
    ['a key of two words', '[s]\ntwo words=v', `2:1 the key ${keyRule}`],
    ['a key with brackets', '[s]\na[b]=v', `2:1 the key ${keyRule}`],
    ['a key with markup', '[s]\n a"<b=v', `2:2 the key ${keyRule}`],
    ['a key of 101 characters', `[s]\n${'k'.repeat(101)}=v`, `2:1 the key ${keyRule}`],
    ['a key of 20,000 characters', `[s]\n${'k'.repeat(20_000)}=v`, `2:1 the key ${keyRule}`],
    [
      'a carriage return inside a value',
      '[s]\nk=a\rb',
      '2:4 a carriage return inside the line; lines end with LF or CR-LF',
    ],
    ['line ends of CR alone', '# all\r[s]\rk=v', '1:6 a carriage return inside the line; lines end with LF or CR-LF'],
    [
      'a carriage return after a section',
      '[s]\rk=v',
      '1:4 a carriage return inside the line; lines end with LF or CR-LF',
    ],
    ['a tab inside a value', '[s]\nk = a\tb', '2:6 the value must not contain control characters (U+0009)'],
    ...(['[s]\nk=\u0000', '[s]\nk=v\u0000', '[s]\nk\u0000=v', '[s]\n# \u0000', '[s]\n;\u0000'] as const).map(
      (text): [string, string, string] => [
        `a NUL in ${JSON.stringify(text)}`,
        text,
        `2:${text.indexOf('\0') - 3} U+0000 inside the line, where Linphone stops reading`,
      ],
    ),
    ...(['[s]\u0000', '[s] # \u0000', '[s\u0000]', '\u0000'] as const).map((text): [string, string, string] => [
      `a NUL in ${JSON.stringify(text)}`,
      text,
      `1:${text.indexOf('\0') + 1} U+0000 inside the line, where Linphone stops reading`,
    ]),
    [
      'a next-line character inside a value',
      '[s]\nk=ab\u0085c',
      '2:5 the value must not contain control characters (U+0085)',
    ],
    [
      'half a surrogate pair in a value',
      '[s]\nk=👩\ud83d',
      '2:5 the value must not contain an unpaired surrogate (U+D83D)',
    ],
    ['a noncharacter in a value', '[s]\nk=\uffff', '2:3 the value must not contain the noncharacter U+FFFF'],
    [
      'a value of 20,000 characters',
      `[s]\nk=${'x'.repeat(20_000)}`,
      '2:3 the value must be at most 16000 bytes of UTF-8 as key=value (it has 20002)',
    ],
  ];
  for (const [title, text, complaint] of table) {
    test(`is refused for ${title}`, () => assert.deepEqual(complaintsOf(text), [`error ${complaint}`]));
  }
});

describe('several mistakes in a linphonerc', () => {
  test('are each reported, and the lines between them are read', () => {
    const text = 'a=1\n[s]\nnonsense\nk=v\n=x\n; y\n[t\nlost=1\n[u]\nl=w\n';
    assert.deepEqual(
      readLinphonerc(text).mistakes.map(({ severity, line }) => `${severity} ${line}`),
      ['error 1', 'error 3', 'error 5', 'warning 6', 'error 7'],
    );
    assert.deepEqual(flat(readLinphonerc(text).document), ['s/k=v', 'u/l=w']);
  });

  test('are reported up to 100, however many warnings come before them', () => {
    const { mistakes } = readLinphonerc(';\n'.repeat(5_000) + 'x\n'.repeat(5_000));
    const lines = (severity: string) =>
      mistakes.filter((mistake) => mistake.severity === severity).map(({ line }) => line);
    assert.deepEqual([lines('warning').length, lines('error').length, lines('error')[0]], [100, 100, 5_001]);
  });
});

describe('the report of a mistake', () => {
  const told = (text: string) =>
    readLinphonerc(text).mistakes.map((mistake) => formatMistake('/etc/linphonerc', mistake));

  test('has file, line, column, message and text', () => {
    assert.deepEqual(told('[s]\n  oops  \r\n'), [
      '/etc/linphonerc:2:3: is neither [section] nor key=value nor a # comment: oops',
    ]);
  });

  test('is one short line without control characters, whatever the text holds', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const line of told(`[s]\n${text}\n${text}${'☎'.repeat(500)}`)) {
          assert.ok(line.length < 250 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(line), JSON.stringify(line));
        }
      }),
    );
  });

  test('hides the secrets of the line', () => {
    const lines = [
      'passwd hunter2',
      'ha1=hunter2\u0001',
      'my_password: hunter2',
      '; auth_token=hunter2',
      'Authorization Basic hunter2',
      'x-api-key hunter2',
    ];
    for (const line of lines) {
      assert.match(told(`[s]\n${line}`).join(), /…$/);
      assert.doesNotMatch(told(`[s]\n${line}`).join(), /hunter2/);
    }
  });
});

describe('the bytes of a linphonerc', () => {
  test('are UTF-8, with or without byte order mark', () => {
    assert.equal(decodeLinphonerc(Buffer.from('[s]\nk=é☎️')), '[s]\nk=é☎️');
    assert.deepEqual(flat(readLinphonerc(decodeLinphonerc(Buffer.from('\ufeff[s]\nk=v'))).document), ['s/k=v']);
  });

  test('are refused with two byte order marks', () => {
    const { mistakes } = readLinphonercBytes(Buffer.from('\ufeff\ufeff[s]\nk=v'));
    assert.deepEqual(
      mistakes.map(({ rule, line }) => `${rule} ${line}`),
      ['line-unreadable 1', 'line-unreadable 2'],
    );
  });

  const notUtf8: [string, Buffer, string][] = [
    [
      'Latin-1',
      Buffer.from('[s]\nk=Zo\xeb\nl=\xe9', 'latin1'),
      'rc:2:1: is not UTF-8; save the file as UTF-8: k=Zo\ufffd',
    ],
    [
      'a character cut off at the end',
      Buffer.from('[s]\nk=☎').subarray(0, -1),
      'rc:2:1: is not UTF-8; save the file as UTF-8: k=\ufffd',
    ],
    ['UTF-16', Buffer.from('\ufeff[s]', 'utf16le'), 'rc:1:1: is not UTF-8; save the file as UTF-8: \ufffd\ufffd[␀s␀]␀'],
    [
      'a surrogate',
      Buffer.from('ok\n\xed\xa0\x80', 'latin1'),
      'rc:2:1: is not UTF-8; save the file as UTF-8: \ufffd\ufffd\ufffd',
    ],
  ];
  for (const [title, bytes, message] of notUtf8) {
    test(`are refused with file and line if they contain ${title}`, () => {
      assert.throws(() => decodeLinphonerc(bytes, 'rc'), { name: 'AppError', code: 'linphonerc-broken', message });
    });
  }
});
