import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages } from '../../src/lib/languages.ts';
import { lintText } from '../../src/locale/lint-text.ts';
import { loadKeyCatalogue } from '../../src/lpconfig/key-catalogue.ts';
import { lintLinphonerc } from '../../src/lpconfig/lint-linphonerc.ts';
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

const text = `[sip]
media_encrypton=srtp
media_encryption=strp
sip_port=70000
default_proxy=3
no equals sign
[proxy_0]
reg_identity=alice
reg_proxy=sip.example.test
nat_policy_ref=nowhere
[misc]
config-uri=http://sip.example.test/x
`;

test('a French finding quotes the same value as in English, and says what would be right', async () => {
  const found = lintLinphonerc(text, { file: 'x', catalogue: await loadKeyCatalogue(), audience: 'everybody' });
  const said = found.map((each) => {
    const { message, remedy } = lintText('fr', each);
    const quoted = /\u00a0: «\u00a0(.*)\u00a0»$/u.exec(message)?.[1];
    assert.equal(quoted, each.value);
    assert.ok(quoted === undefined || each.message.includes(quoted), each.message);
    return [each.rule, quoted, /Possible\u00a0: (.*)\.$/u.exec(remedy)?.[1]];
  });
  assert.deepEqual(said, [
    ['unknown-key', undefined, 'media_encryption'],
    ['value-not-allowed', 'strp', 'none, srtp, zrtp, dtls'],
    ['value-out-of-range', '70000', '-2 … 65535'],
    ['line-unreadable', 'no equals sign', undefined],
    ['identity-malformed', 'alice', undefined],
    ['personal-value', undefined, undefined],
    ['registrar-loose', 'sip.example.test', 'reg_proxy=<sip:sip.example.test>'],
    ['plain-http', 'http://sip.example.test/x', undefined],
  ]);
});

test('an English finding has the words of the linter', () => {
  assert.deepEqual(lintText('en', { ...finding, rule: 'plain-http' }), { ...finding, rule: 'plain-http' });
});
