import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages } from '../../src/lib/languages.ts';
import { lintText } from '../../src/locale/lint-text.ts';
import { lintRules } from '../../src/lpconfig/lint-rules.ts';

const finding = { severity: 'error', section: 'sip', key: 'x', message: 'm', effect: 'e', remedy: 'r' } as const;

for (const rule of Object.keys(lintRules) as (keyof typeof lintRules)[]) {
  test(`the linter's rule ${rule} has its sentences in every language`, () => {
    for (const language of languages.filter((each) => each !== 'en')) {
      const { message, effect, remedy } = lintText(language, { ...finding, rule });
      assert.match(message, /^\[sip\] x – [A-ZÀÉ].*[^.]$/u);
      for (const sentence of [effect, remedy]) assert.match(sentence, /^[A-ZÀÉ].*\.$/u);
    }
  });
}

test('in English, a finding says what the linter said', () => {
  assert.deepEqual(lintText('en', { ...finding, rule: 'plain-http' }), { ...finding, rule: 'plain-http' });
});
