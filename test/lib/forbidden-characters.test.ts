import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Complaint, complaintSentence } from '../../src/errors/complaints.ts';
import { checkCharacters } from '../../src/lib/forbidden-characters.ts';

function told(complaint: Complaint | undefined): string | undefined {
  return complaint === undefined ? undefined : complaintSentence(complaint);
}

describe('a text of one line', () => {
  for (const value of [
    '',
    ' ',
    ' blanks around ',
    '& < > " \' \\',
    'é☎️👩‍👩‍👧',
    '\u00a0',
    '\u2028',
    '\ufffd',
    '\ufeff',
    '\u{1fffe}',
  ]) {
    test(`may be ${JSON.stringify(value)}`, () => assert.equal(checkCharacters(value), undefined));
  }

  const refused: [string, string][] = [
    ['a\nb', 'must not contain control characters (U+000A)'],
    ['\r', 'must not contain control characters (U+000D)'],
    ['a\tb', 'must not contain control characters (U+0009)'],
    ['\u0000', 'must not contain control characters (U+0000)'],
    ['\u001f', 'must not contain control characters (U+001F)'],
    ['\u007f', 'must not contain control characters (U+007F)'],
    ['\u0085', 'must not contain control characters (U+0085)'],
    ['\u009f', 'must not contain control characters (U+009F)'],
    ['☎\ufffe', 'must not contain the noncharacter U+FFFE'],
    ['☎\uffff', 'must not contain the noncharacter U+FFFF'],
    ['👩\ud83d', 'must not contain an unpaired surrogate (U+D83D)'],
    ['\udc69\ud83d', 'must not contain an unpaired surrogate (U+DC69)'],
  ];
  for (const [value, complaint] of refused) {
    test(`may not be ${JSON.stringify(value)}`, () => assert.equal(told(checkCharacters(value)), complaint));
  }

  test('is refused if it is not text, which plain JavaScript can pass', () => {
    for (const value of JSON.parse('[null, 5, true, ["a"], {}]'))
      assert.equal(told(checkCharacters(value)), 'must be text');
  });
});
