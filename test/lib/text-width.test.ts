import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutText, padText, textWidth, wrapLines } from '../../src/lib/text-width.ts';

describe('the width of a text', () => {
  for (const [text, width] of [
    ['', 0],
    ['alice', 5],
    ['Grüße…', 6],
    ['日本語', 6],
    ['ﾊﾝｶｸ', 4],
    ['ＡＢ', 4],
    ['한국어', 6],
    ['e\u0301', 1],
    ['👍', 2],
    ['👍🏽', 2],
    ['👩‍👩‍👧', 2],
    ['🇫🇷', 2],
    ['☎️', 2],
    ['✓', 1],
    ['a\u200bb', 2],
  ] as const) {
    test(`"${text}" takes ${width} columns`, () => assert.equal(textWidth(text), width));
  }
});

test('text that fits is not cut, and padding counts columns', () => {
  assert.equal(cutText('日本語', 6), '日本語');
  assert.equal(cutText('日本語', 5), '日本…');
  assert.equal(cutText('日本語', 4), '日…');
  assert.equal(padText('日本', 6), '日本  ');
});

describe('long lines', () => {
  test('are broken between words, and keep their indentation', () => {
    assert.equal(wrapLines('  one two three\nshort\n', 10), '  one two\n  three\nshort\n');
    assert.equal(wrapLines('one two three four', 10, 4), 'one two\n    three\n    four');
  });

  test('are not broken within a word that is too long', () => {
    const url = `https://ringup.example.test/${'x'.repeat(60)}`;
    assert.equal(wrapLines(`See ${url} now`, 20), `See\n${url}\nnow`);
  });

  test('lose no word, whatever the width', () => {
    const text = 'Ringup  listens on 日本語 and 👩‍👩‍👧, all day long.';
    for (let width = 1; width < 60; width += 1) {
      assert.equal(wrapLines(text, width).split(/\s+/).join(' '), text.replace(/ +/g, ' '));
    }
  });
});
