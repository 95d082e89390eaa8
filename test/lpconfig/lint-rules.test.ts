import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { documentOf } from '../../src/lpconfig/document.ts';
import { loadKeyCatalogue } from '../../src/lpconfig/key-catalogue.ts';
import { lintDocument } from '../../src/lpconfig/lint-document.ts';
import { lintLinphonerc } from '../../src/lpconfig/lint-linphonerc.ts';
import { type LintRuleId, lintRules } from '../../src/lpconfig/lint-rules.ts';
import { assertGrowsLinearly } from '../support/growth.ts';
import { anyText } from './arbitraries.ts';

const catalogue = await loadKeyCatalogue();
const md5 = '900150983cd24fb0d6963f7d28e17f72';
const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const account = '[proxy_0]\nreg_identity=sip:a@x.test\nreg_proxy=<sip:x.test;transport=tls>\n';

/** The rules that find something in the text. */
function rulesIn(text: string | Uint8Array, audience: 'everybody' | 'account' = 'account'): LintRuleId[] {
  const found = lintLinphonerc(text, { file: 'rc', catalogue, audience, idkeys: ['later'] });
  return [...new Set(found.map(({ rule }) => rule))];
}

/** Each rule with texts that it finds something in, and texts close by in which no rule does. */
const table: Record<LintRuleId, { readonly wrong: readonly (string | Buffer)[]; readonly right: readonly string[] }> = {
  'line-unreadable': { wrong: ['k=v', '[sip\n', '[sip]\nnonsense', '[sip]\n=1'], right: ['', '# k\n[sip]\n\n  # k'] },
  'line-skipped': { wrong: ['[sip]\n; old', '[sip] more'], right: ['[sip]\n# new', '[sip] # why'] },
  'name-unusable': { wrong: ['[]', '[é]', '[sip]\ntwo words=1'], right: ['[ sip ]', '[x-a:b.c_d-e]\nk=v'] },
  'control-character': { wrong: ['[x-a]\nk=a\tb', '[x-a]\nk=a\rb'], right: ['[x-a]\nk=a b', '[x-a]\r\nk=v\r\n'] },
  'value-too-long': { wrong: [`[x-a]\nk=${'x'.repeat(16_000)}`], right: [`[x-a]\nk=${'x'.repeat(15_998)}`] },
  'not-utf8': { wrong: [Buffer.from('[x-a]\nk=\xe9', 'latin1')], right: ['[x-a]\nk=é'] },
  'key-repeated': {
    wrong: ['[net]\nmtu=1300\nmtu=1300', '[net]\nmtu=0\n[sip]\n[net]\nmtu=0'],
    right: ['[net]\nmtu=0'],
  },
  'unknown-section': {
    wrong: ['[sipp]\na=1', '[proxy]\na=1', '[proxy_01]\na=1', '[net_0]\na=1'],
    right: ['[x-mine]\na=1', '[X_mine]\na=1', '[sipp]', '[audio_codec_12]\nmime=opus'],
  },
  'unknown-key': {
    wrong: ['[sip]\nmedia_encriptoin=srtp', '[proxy_0]\nnonsense=1', '[misc]\nconfig-uri-header=x', '[ui]\nx=1'],
    right: ['[sip]\nx-mine=1', '[ui]\nx_mine=1', '[misc]\nconfig-uri-header_0=a:b'],
  },
  'documentation-only': { wrong: ['[misc]\nlog_level=3', '[debug]\nenable=1'], right: ['[logging]\ndisable_stdout=1'] },
  'deprecated-key': {
    wrong: ['[net]\nstun_server=x', '[sip]\nsrtp=1', '[lime]\nx3dh_server_url=https://x.test'],
    right: ['[nat_policy_0]\nstun_server=x', '[lime]\nlime_server_url=https://x.test'],
  },
  'old-versions-only': { wrong: ['[sip]\nlime_for_file_sharing=1'], right: ['[lime]\nenabled=1'] },
  'wrong-type': {
    wrong: [
      '[sip]\nuse_ipv6=true',
      '[sip]\nuse_ipv6="1"',
      '[sip]\nuse_ipv6=# yes',
      '[net]\nmtu=big',
      '[sound]\nmic_gain_db=1,5',
      '[rtp]\naudio_rtp_port=any',
      '[misc]\nconfig-uri=x.test',
    ],
    right: [
      '[sip]\nuse_ipv6=1',
      '[sip]\nuse_ipv6=',
      '[net]\nmtu=0x514',
      '[sound]\nmic_gain_db=-1.5',
      '[rtp]\naudio_rtp_port=7078\nvideo_rtp_port=9000-9100\ntext_rtp_port=-1',
      '[misc]\nconfig-uri=https://x.test',
    ],
  },
  'trailing-text': {
    wrong: ['[sip]\ninc_timeout=30s', '[sip]\nuse_ipv6=1 # yes', '[sound]\nmic_gain_db=1.5 dB', '[net]\nmtu=0;'],
    right: ['[sip]\ninc_timeout=30   ', '[sip]\n# yes\nuse_ipv6=1'],
  },
  'value-out-of-range': {
    wrong: ['[sip]\ninc_timeout=301', '[sip]\nuse_ipv6=2', '[proxy_0]\nreg_expires=0', '[rtp]\naudio_rtp_port=9-8'],
    right: ['[sip]\ninc_timeout=300', '[proxy_0]\nreg_expires=1', '[rtp]\naudio_rtp_port=8-8'],
  },
  'value-not-allowed': {
    wrong: ['[sip]\nmedia_encryption=SRTP', '[nat_policy_0]\nprotocols=stun,ice2', '[auth_info_0]\nalgorithm=sha256'],
    right: ['[sip]\nmedia_encryption=zrtp', '[nat_policy_0]\nprotocols=stun, ice', '[sip]\nmedia_encryption='],
  },
  'identity-malformed': {
    wrong: [
      account.replace('sip:a@x.test', 'a@x.test'),
      account.replace('sip:a@x.test', 'sip:x.test'),
      account.replace('sip:a@x.test', '"A "B" C" <sip:a@x.test>'),
      account.replace('sip:a@x.test', 'Zoë <sip:a@x.test>'),
      account.replace('sip:a@x.test', '"A" sip:a@x.test'),
    ],
    right: [
      account,
      account.replace('sip:a@x.test', '<sips:a@x.test>'),
      account.replace('sip:a@x.test', '"A \\"B\\" <C>" <sip:a@x.test>'),
      account.replace('sip:a@x.test', '"Zoë"<sip:a%23b@x.test>'),
      account.replace('sip:a@x.test', 'A B <sip:a@x.test>'),
      account.replace('sip:a@x.test', ''),
    ],
  },
  'registrar-malformed': {
    wrong: [account.replace('<sip:', '<'), account.replace('tls>', 'tls'), account.replace('<sip:x', '< http://x')],
    right: [account.replace('sip:x.test;transport=tls', 'sip:[2001:db8::1]:5061'), account.replace('<sip', '<SIP')],
  },
  'registrar-loose': {
    wrong: [
      account.replace(/<(.*)>/, '$1'),
      account.replace(/<sip:(.*)>/, '$1'),
      '[proxy_default_values]\nreg_proxy=x',
    ],
    right: ['[proxy_default_values]\nreg_proxy=<sip:x.test>'],
  },
  'route-malformed': {
    wrong: [`${account}reg_route=edge.test`, `${account}reg_route=<sip:a.test>,b.test`, `${account}reg_route=<a.test>`],
    right: [`${account}reg_route=`, `${account}reg_route=<sip:a.test;lr>, <sip:b.test;lr>`],
  },
  'registrar-missing': {
    wrong: ['[proxy_0]\nreg_identity=sip:a@x.test', '[proxy_0]\nreg_identity=sip:a@x.test\nreg_proxy='],
    right: ['[proxy_0]\nreg_identity=sip:a@x.test\nreg_sendregister=0', '[proxy_0]\nreg_expires=60'],
  },
  'sips-without-tls': {
    wrong: [
      account.replace('<sip:x.test;transport=tls', '<sips:x.test;transport=udp'),
      account.replace('<sip:x.test;transport=tls', '<sips:x.test;lr;transport=TCP;a=b'),
      `${account}reg_route=<sips:x.test;transport=tcp>`,
    ],
    right: [account.replace('<sip:', '<sips:'), account.replace('=tls', '=udp'), account.replace(';transport=tls', '')],
  },
  'numbering-hole': {
    wrong: [
      '[proxy_0]\nreg_expires=1\n[proxy_2]\nreg_expires=1',
      '[proxy_1]\nreg_expires=1',
      '[proxy_0]\n[proxy_1]\nreg_expires=1',
      '[auth_info_1]\nusername=a',
      '[misc]\nconfig-uri-header_1=a:b',
    ],
    right: ['[proxy_1]\nreg_expires=1\n[proxy_0]\nreg_expires=1', '[misc]\nconfig-uri-header_1=\nconfig-uri-header_0='],
  },
  'numbering-start': { wrong: [], right: [] },
  'depends-on-nothing': {
    wrong: [`${account}depends_on=other`, `${account}idkey=me\ndepends_on=me`],
    right: [`${account}depends_on=`, `${account}depends_on=later`, `${account}depends_on=b\n[proxy_1]\nidkey=b`],
  },
  'credentials-replaced': {
    wrong: [
      `[auth_info_0]\nusername=a\nrealm=r\n[auth_info_1]\nusername=a\nrealm=r`,
      `[auth_info_0]\nusername=a\nrealm=r\ndomain=\n[auth_info_1]\nusername=a\nrealm=r`,
    ],
    right: [
      `[auth_info_0]\nusername=a\nrealm=r\ndomain=r\n[auth_info_1]\nusername=a\nrealm=r`,
      `[auth_info_0]\nusername=a\nrealm=r\n[auth_info_1]\nusername=a\nrealm=s`,
      `[auth_info_0]\nuserid=\n[auth_info_1]\nuserid=`,
    ],
  },
  'ha1-malformed': {
    wrong: [
      `[auth_info_0]\nrealm=r\nha1=${md5.toUpperCase()}`,
      `[auth_info_0]\nrealm=r\nha1=${sha256}`,
      `[auth_info_0]\nrealm=r\nalgorithm=SHA-256\nha1=${md5}`,
      `[auth_info_0]\nrealm=r\nha1=${md5.slice(1)}`,
    ],
    right: [
      `[auth_info_0]\nrealm=r\nha1=${md5}`,
      `[auth_info_0]\nrealm=r\nalgorithm=MD5\nha1=${md5}`,
      `[auth_info_0]\nrealm=r\nalgorithm=SHA-256\nha1=${sha256}`,
      '[auth_info_0]\nha1=',
    ],
  },
  'ha1-without-realm': {
    wrong: [`[auth_info_0]\nha1=${md5}`, `[auth_info_0]\nrealm=\nha1=${md5}`],
    right: ['[auth_info_0]\npasswd=secret'],
  },
  'secret-in-base': { wrong: [], right: ['[auth_info_0]\npasswd=secret'] },
  'plain-http': {
    wrong: ['[misc]\nconfig-uri=http://x.test/provisioning', '[misc]\nfile_transfer_server_url=HTTP://x.test'],
    right: ['[misc]\nconfig-uri=http://127.0.0.1:8080/provisioning', '[misc]\nconfig-uri='],
  },
  'settings-hidden': { wrong: ['[ui]\nhide_settings=1'], right: ['[ui]\nhide_settings=0', '[ui]\nhide_fps=1'] },
};

describe('the rule', () => {
  for (const [rule, { wrong, right }] of Object.entries(table)) {
    for (const text of wrong) {
      test(`${rule} finds ${JSON.stringify(text.toString().slice(0, 80))}`, () =>
        assert.ok(rulesIn(text).some((found) => found === rule)));
    }
    for (const text of right) {
      test(`${rule} and all others pass ${JSON.stringify(text.slice(0, 80))}`, () =>
        assert.deepEqual(rulesIn(text), []));
    }
  }

  test('numbering-start finds numbers that do not begin at 0 in texts for everybody', () => {
    assert.deepEqual(rulesIn('[proxy_1]\nreg_expires=1', 'everybody'), ['numbering-start']);
    assert.deepEqual(rulesIn('[proxy_1]\nreg_expires=1\n[proxy_3]\nreg_expires=1', 'everybody'), [
      'numbering-start',
      'numbering-hole',
    ]);
    assert.deepEqual(rulesIn('[proxy_0]\nreg_expires=1', 'everybody'), []);
  });

  test('secret-in-base is about texts for everybody', () => {
    for (const line of [
      '[auth_info_0]\npasswd=x',
      `[auth_info_0]\nrealm=r\nha1=${md5}`,
      '[misc]\nconfig-uri-header_0=a:b',
    ]) {
      assert.deepEqual(rulesIn(line, 'everybody'), ['secret-in-base']);
      assert.deepEqual(rulesIn(line, 'account'), []);
    }
    assert.deepEqual(rulesIn('[auth_info_0]\npasswd=', 'everybody'), []);
  });

  test('control-character and value-too-long also hold for documents that no text was', () => {
    const document = documentOf({ 'x-a': { bell: '\u0007', long: 'x'.repeat(16_000) } });
    const rules = lintDocument(document, { catalogue }).map(({ rule }) => rule);
    assert.deepEqual(rules.sort(), ['control-character', 'value-too-long']);
  });
});

describe('a finding', () => {
  const lint = (text: string) => lintLinphonerc(text, { file: 'rc', catalogue });

  test('has rule, severity, place, and says what happens and what to do', () => {
    assert.deepEqual(lint('[sip]\n  use_ipv6 = yes'), [
      {
        rule: 'wrong-type',
        severity: 'error',
        file: 'rc',
        line: 2,
        column: 3,
        section: 'sip',
        key: 'use_ipv6',
        message: 'use_ipv6 must be 0 or 1, not yes',
        effect: 'The phone reads it as 0, which means off.',
        remedy: 'Write use_ipv6=1.',
      },
    ]);
  });

  const suggestions: readonly [text: string, remedy: string][] = [
    ['[sip]\nMedia_Encryptoin=srtp', 'Use media_encryption.'],
    ['[sound]\ndeliver_imdn=1', 'Use sip/deliver_imdn.'],
    ['[proxy0]\na=1', 'Use proxy_0.'],
    ['[auth_info]\na=1', 'Use auth_info_0.'],
    ['[misc]\nconfig-uri-header=a:b', 'Use config-uri-header_0.'],
    ['[misc]\nuser_agent=x', 'Use sip/user_agent.'],
    ['[sip]\nfrobnicate=1', 'Correct the name, or remove the key.'],
  ];
  for (const [text, remedy] of suggestions) {
    test(`in ${JSON.stringify(text)} comes with: ${remedy}`, () => assert.equal(lint(text)[0]?.remedy, remedy));
  }

  test('never quotes a secret, whatever is wrong with it', () => {
    const keys = ['passwd', 'ha1', 'access_token', 'client_secret', 'client_cert_key_password', 'refresh_token'];
    for (const key of keys) {
      for (const text of [`[auth_info_0]\nusername=a\n${key}=hunter2`, `[auth_info_0]\n${key}x=hunter2`]) {
        const found = lint(text);
        assert.ok(found.length > 0);
        assert.doesNotMatch(JSON.stringify(found), /hunter2/);
      }
    }
  });

  test('is one of at most a hundred of its rule, in the order of the text', () => {
    const textOf = (size: number) =>
      `[sip]\n${Array.from({ length: size }, (_, index) => `unknown_key_${index}=1\n`).join('')}`;
    assertGrowsLinearly(textOf, lint, 20_000);
    const found = lint(textOf(20_000));
    assert.deepEqual(
      found.map(({ line }) => line),
      Array.from({ length: 100 }, (_, index) => index + 2),
    );
  });

  test('of an address is made in time that grows with its length only', () => {
    for (const textWith of [
      (size: number) => `${' '.repeat(size)}"`,
      (size: number) => `"${'\\'.repeat(size)}`,
      (size: number) => `${'a '.repeat(size / 2)}<`,
    ]) {
      const textOf = (size: number) =>
        ['reg_identity', 'reg_proxy', 'reg_route'].map((key) => `${key}=a${textWith(size)}\n`).join('');
      assertGrowsLinearly((size) => `[proxy_0]\n${textOf(size)}`, lint, 15_900);
    }
  });

  test('is made of any text without a failure, each at a place within it', () => {
    fc.assert(
      fc.property(anyText, anyText, (section, rest) => {
        const text = `[proxy_0]\nreg_identity=${rest}\nreg_proxy=${rest}\n[${section}]\n${rest}`;
        const lines = text.split('\n').length;
        for (const { line = 0, column = 0 } of lint(text)) assert.ok(line >= 1 && line <= lines && column >= 1);
      }),
    );
  });

  test('comes from the text alone, in the light of what lies below it', () => {
    const below = documentOf({ proxy_0: { idkey: 'main', nonsense: '1' } });
    const options = { file: 'space', catalogue, audience: 'account', below } as const;
    assert.deepEqual(lintLinphonerc('[proxy_1]\ndepends_on=main', options), []);
    assert.deepEqual(
      lintLinphonerc('[proxy_2]\ndepends_on=main', options).map(({ rule, line }) => `${rule} ${line}`),
      ['numbering-hole 1'],
    );
  });
});

describe('the rules', () => {
  test('all have a name in kebab-case, and say what they find, what it does and how to mend it', () => {
    for (const [id, { about, effect, remedy }] of Object.entries(lintRules)) {
      assert.match(id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      for (const text of [about, effect, remedy]) assert.match(text, /^[A-Z5`].*\.$/, `${id}: ${text}`);
    }
  });
});
