import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aboutServer, aboutValue, quoteText, visibleText } from '../../src/errors/quote-text.ts';

describe('a quoted text', () => {
  for (const [what, text, expected] of [
    ['stands in quotation marks', 'alice', '"alice"'],
    ['keeps letters of every script', 'Zoë 山田 🙂', '"Zoë 山田 🙂"'],
    ['shows the control characters of ASCII by their pictures', '+4922\r\n\u0000\u001b\u007f', '"+4922␍␊␀␛␡"'],
    [
      'shows other invisible characters by their number',
      'a\u0085\u200b\u202e\u2028',
      '"a<U+0085><U+200B><U+202E><U+2028>"',
    ],
    ['shows blanks that are not the usual one', 'a b\u00a0c', '"a b<U+00A0>c"'],
    ['shows half a surrogate pair', 'a\ud83d', '"a<U+D83D>"'],
    ['is cut after 80 characters', 'x'.repeat(81), `"${'x'.repeat(80)}…"`],
    ['is not cut within a character', '🙂'.repeat(81), `"${'🙂'.repeat(80)}…"`],
    ['is whole with 80 characters', '🙂'.repeat(80), `"${'🙂'.repeat(80)}"`],
  ] as const) {
    test(what, () => {
      assert.equal(quoteText(text), expected);
      assert.equal(`"${visibleText(text)}"`, expected);
    });
  }
});

describe('a complaint', () => {
  test('names the value at fault', () => assert.equal(aboutValue('a\tb', 'is wrong'), '"a␉b" is wrong'));

  test('no complaint stays no complaint', () => assert.equal(aboutValue('a', undefined), undefined));

  test('names a server, unless a user and perhaps a password stand before it', () => {
    assert.equal(aboutServer('pbx', 'is wrong'), '"pbx" is wrong');
    assert.equal(aboutServer('sip:alice:secret@pbx', 'is wrong'), 'is wrong');
  });
});
