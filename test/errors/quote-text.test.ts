import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { quoteText, visibleText } from '../../src/errors/quote-text.ts';

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
    ['shows blanks other than the usual one', 'a b\u00a0c', '"a b<U+00A0>c"'],
    [
      'shows marks of direction, soft hyphens and a BOM',
      '\u200f\u2066a\u00ad\ufeff',
      '"<U+200F><U+2066>a<U+00AD><U+FEFF>"',
    ],
    ['shows letters and symbols that look empty', 'a\u3164\u115f\u2800', '"a<U+3164><U+115F><U+2800>"'],
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
