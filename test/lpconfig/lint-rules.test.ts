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

/** The rules that find something but an empty value, which is often meant. */
function problemsIn(text: string, audience: 'everybody' | 'account'): LintRuleId[] {
  return rulesIn(text, audience).filter((rule) => rule !== 'key-deleted');
}

/** Each rule with texts that it finds something in, and texts close by in which no rule does. */
const table: Record<LintRuleId, { readonly wrong: readonly (string | Buffer)[]; readonly right: readonly string[] }> = {
  'line-unreadable': { wrong: ['k=v', '[sip\n', '[sip]\nnonsense', '[sip]\n=1'], right: ['', '# k\n[sip]\n\n  # k'] },
  'line-skipped': { wrong: ['[sip]\n; old', '[sip] more'], right: ['[sip]\n# new', '[sip] # why'] },
  'tab-indented': {
    wrong: ['\t[sip]', ' \t [sip]', '[sip]\n\t# a=b', '\t#'],
    right: ['  [sip]\n  # a\n\tuse_ipv6=1'],
  },
  'name-unusable': { wrong: ['[]', '[é]', '[sip]\ntwo words=1'], right: ['[ sip ]', '[x-a:b.c_d-e]\nk=v'] },
  'control-character': { wrong: ['[x-a]\nk=a\tb', '[x-a]\nk=a\rb'], right: ['[x-a]\nk=a b', '[x-a]\r\nk=v\r\n'] },
  'value-too-long': { wrong: [`[x-a]\nk=${'x'.repeat(16_000)}`], right: [`[x-a]\nk=${'x'.repeat(15_998)}`] },
  'not-a-linphonerc': {
    wrong: [
      '<?xml version="1.0"?>\n<config><section name="sip"><entry name="use_ipv6">1</entry></section></config>',
      '\ufeff\n <plist/>',
      '<!DOCTYPE html>\n<html>',
      '{"sip": {"use_ipv6": 1}}',
      Buffer.from('\x89PNG\r\n\x1a\n\0', 'latin1'),
      Buffer.from('[sip]\nuse_ipv6=1\n', 'utf16le'),
    ],
    right: ['# <?xml?>\n[sip]', '[x-a]\nk=<?xml?>', '[x-a]\nk={"a": 1}'],
  },
  'not-utf8': { wrong: [Buffer.from('[x-a]\nk=\xe9', 'latin1')], right: ['[x-a]\nk=é'] },
  'key-repeated': {
    wrong: ['[net]\nmtu=1300\nmtu=1300', '[net]\nmtu=0\n[sip]\n[net]\nmtu=0'],
    right: ['[net]\nmtu=0'],
  },
  'key-deleted': {
    wrong: ['[sip]\nuse_ipv6=', '[net]\nmtu=1300\nmtu=  '],
    right: ['[net]\nmtu=0', '[x-mine]\na=', '[sip]\nx-mine='],
  },
  'unknown-section': {
    wrong: [
      '[nat_policy_default_values]\nprotocols=stun',
      '[sipp]\na=1',
      '[proxy]\na=1',
      '[proxy_01]\na=1',
      '[net_0]\na=1',
    ],
    right: [
      '[net]\nnat_policy_ref=office\n[office]\nprotocols=stun,ice',
      '[proxy_default_values]\nnat_policy_ref=nat_policy_default_values\n[nat_policy_default_values]\nprotocols=stun',
      '[x-mine]\na=1',
      '[X_mine]\na=1',
      '[sipp]',
      '[audio_codec_0]\nmime=opus',
    ],
  },
  'unknown-key': {
    wrong: [
      '[net]\nnat_policy_ref=office\n[office]\nice_enabled=1',
      '[sip]\nmedia_encriptoin=srtp',
      '[proxy_0]\nnonsense=1',
      '[misc]\nconfig-uri-header=x',
      '[ui]\nx=1',
    ],
    right: ['[sip]\nx-mine=1', '[ui]\nx_mine=1', '[misc]\nconfig-uri-header_0=a:b'],
  },
  'unknown-app-key': {
    wrong: ['[app]\nsharing_of_ours=1'],
    right: ['[app]\nauto_start=1', '[app]\nx-ours=1'],
  },
  'documentation-only': { wrong: ['[misc]\nlog_level=3', '[debug]\nenable=1'], right: ['[logging]\ndisable_stdout=1'] },
  'deprecated-key': { wrong: ['[sip]\nlime=1'], right: ['[lime]\nenabled=1'] },
  'older-name': {
    wrong: ['[net]\nstun_server=x', '[sip]\nsrtp=1', '[lime]\nx3dh_server_url=https://x.test'],
    right: ['[nat_policy_0]\nref=a\nstun_server=x', '[lime]\nlime_server_url=https://x.test'],
  },
  'old-versions-only': { wrong: ['[sip]\nlime_for_file_sharing=1'], right: ['[lime]\nenabled=1'] },
  'old-apps-only': {
    wrong: ['[app]\nvoice_mail=sip:1', '[ui]\nuse_qrcode=0', '[ui]\nuse_qrcode/readonly=0'],
    right: ['[ui]\nstandard_chat_enabled/readonly=0', '[ui]\nassistant_supports_phone_numbers/readonly=0'],
  },
  'wrong-type': {
    wrong: [
      '[sip]\nuse_ipv6=true',
      '[sip]\nuse_ipv6="1"',
      '[sip]\nuse_ipv6=# yes',
      '[net]\nmtu=big',
      '[sound]\nmic_gain_db=1,5',
      '[sound]\nmic_gain_db=0,05',
      '[rtp]\naudio_rtp_port=any',
      '[misc]\nconfig-uri=x.test',
    ],
    right: [
      '[sip]\nuse_ipv6=1',
      '[sip]\nuse_ipv6=',
      '[net]\nmtu=0x514',
      '[sound]\nmic_gain_db=-1.5',
      '[sound]\nmic_gain_db=0,000000',
      '[rtp]\naudio_rtp_port=7078\nvideo_rtp_port=9000-9100\ntext_rtp_port=-1',
      '[misc]\nconfig-uri=https://x.test',
    ],
  },
  'trailing-text': {
    wrong: ['[sip]\ninc_timeout=30s', '[sip]\nuse_ipv6=1 yes', '[sound]\nmic_gain_db=1.5 dB', '[net]\nmtu=0 m # min'],
    right: ['[sip]\ninc_timeout=30   ', '[sip]\n# yes\nuse_ipv6=1'],
  },
  'trailing-comment': {
    wrong: ['[sip]\nuse_ipv6=1 # yes', '[sip]\nuse_ipv6=0 #no', '[net]\nmtu=0;', '[sound]\nmic_gain_db=1.5 # dB'],
    right: ['[sip]\n# yes\nuse_ipv6=1'],
  },
  'number-misread': {
    wrong: [
      '[sip]\nsip_port=05060',
      '[sip]\ninc_timeout=08',
      '[sip]\ninc_timeout=010 # seconds',
      '[proxy_0]\nreg_expires=4294967297',
      '[net]\ndownload_bw=0x100000000',
      '[sip]\nuse_ipv6=08',
      '[sip]\nuse_ipv6=4294967296',
      '[misc]\nconference_expire_period=0x10',
      '[ldap_0]\ntimeout=0x5',
    ],
    right: [
      '[sip]\nsip_port=5060',
      '[sip]\nsip_port=-1',
      '[sip]\ninc_timeout=07',
      '[net]\ndownload_bw=+0x500',
      '[net]\ndownload_bw=-0x5',
      '[misc]\nconference_expire_period=010',
      '[misc]\nconference_expire_period=99999999999',
      '[ldap_0]\nserver=ldap://x.test\ntimeout=08',
      '[rtp]\naudio_rtp_port=07078-07100',
    ],
  },
  'value-out-of-range': {
    wrong: [
      '[sip]\ninc_timeout=-1',
      '[sip]\nsip_port=0x10000',
      '[proxy_0]\nreg_expires=0',
      '[rtp]\naudio_rtp_port=9-8',
    ],
    right: [
      '[sip]\ninc_timeout=900\nin_call_timeout=100000',
      '[misc]\nmax_calls=50',
      '[rtp]\navpf=-1',
      '[video]\nframerate=120',
      `${account}reg_expires=1`,
      '[rtp]\naudio_rtp_port=8-8',
      '[rtp]\naudio_rtp_port=-1--1\nvideo_rtp_port=-1--1\ntext_rtp_port=-1--1',
      '[audio_codec_0]\nmime=opus\nenabled=16',
      '[video_codec_0]\nmime=VP8\nenabled=16',
      '[misc]\nprefer_basic_chat_room=-1',
      '[sip]\nkeepalive_period=300000',
    ],
  },
  'value-not-allowed': {
    wrong: ['[sip]\nmedia_encryption=SRTP', '[nat_policy_0]\nprotocols=stun,ice2', '[auth_info_0]\nalgorithm=sha256'],
    right: [
      '[sip]\nmedia_encryption=zrtp',
      '[nat_policy_0]\nref=a\nprotocols=stun, ice',
      '[nat_policy_0]\nref=a\nprotocols=stun,ice,',
      '[sip]\nmedia_encryption=',
      '[ui]\nassistant_third_party_sip_account_transport=TLS',
    ],
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
  'route-loose': {
    wrong: [
      `${account}reg_route=edge.test`,
      `${account}reg_route=edge.test:5070`,
      `${account}reg_route=<sip:a.test>,sip:b.test;transport=tcp`,
    ],
    right: [`${account}reg_route=`, `${account}reg_route=<sip:a.test;lr>, <sip:b.test;lr>`],
  },
  'route-malformed': {
    wrong: [`${account}reg_route=<a.test>`, `${account}reg_route=<sip:a.test`, `${account}reg_route=<sip:a.test>,<b>`],
    right: [`${account}reg_route=<sips:a.test:5061;transport=tls>`],
  },
  'registrar-missing': {
    wrong: ['[proxy_0]\nreg_identity=sip:a@x.test', '[proxy_0]\nreg_identity=sip:a@x.test\nreg_proxy='],
    right: ['[proxy_0]\nreg_identity=sip:a@x.test\nreg_sendregister=0', '[proxy_0]\nreg_identity=\nreg_expires=60'],
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
      `${account}${account.replace('_0', '_2')}`,
      account.replace('_0', '_1'),
      `${account}[proxy_1]\n${account.replace('_0', '_2')}`,
      '[auth_info_1]\nusername=a',
      '[nat_policy_0]\nref=a\n[nat_policy_2]\nref=b',
      '[friend_0]\nurl=sip:a@x.test\n[friend_2]\nurl=sip:b@x.test',
      '[call_log_1]\nfrom=sip:a@x.test\nto=sip:b@x.test',
      '[audio_codec_0]\nmime=opus\n[audio_codec_2]\nmime=PCMA',
      '[video_codec_1]\nmime=VP8',
      '[text_codec_3]\nmime=t140',
      '[misc]\nconfig-uri-header_1=a:b',
    ],
    right: [
      `[proxy_1]\nreg_identity=\n${account}`,
      '[misc]\nconfig-uri-header_1=\nconfig-uri-header_0=',
      '[remote_contact_directory_1]\ntype=carddav\nuri=https://x.test',
      `${account}[proxy_2]\nreg_identity=\nreg_proxy=`,
      `${account}nat_policy_ref=nat_policy_1\n[nat_policy_1]\nprotocols=ice`,
    ],
  },
  'section-unnamed': {
    wrong: [
      '[proxy_0]\nreg_expires=60',
      '[auth_info_0]\nuserid=a\npasswd=b',
      '[nat_policy_0]\nprotocols=ice',
      '[friend_0]\npol=accept',
      '[call_log_0]\nfrom=sip:a@x.test',
      '[audio_codec_0]\nrate=8000',
      '[remote_contact_directory_0]\nuri=https://x.test',
      '[remote_contact_directory_0]\ntype=carddav',
      '[carddav_0]\ntimeout=5',
    ],
    right: [
      '[proxy_0]\nreg_identity=\nreg_proxy=\nreg_sendregister=0',
      '[auth_info_0]\nuserid=\npasswd=\nrealm=',
      '[auth_info_0]\nclient_id=a\nrealm=x.test',
      '[auth_info_0]\nclient_cert_chain=/usr/share/a.pem\ndomain=x.test',
      `${account}nat_policy_ref=nat_policy_0\n[nat_policy_0]\nprotocols=ice`,
    ],
  },
  'reference-to-nothing': {
    wrong: [
      '[net]\nnat_policy_ref=office',
      `${account}nat_policy_ref=office\n[nat_policy_0]\nref=home`,
      '[proxy_default_values]\nnat_policy_ref=office',
      '[sip]\ndefault_proxy=1',
      `${account}[sip]\ndefault_proxy=1`,
      '[nat_policy_0]\nref=a\nprotocols=stun, turn\nstun_server_username=b',
    ],
    right: [
      '[net]\nnat_policy_ref=',
      '[net]\nnat_policy_ref=office\n[nat_policy_0]\nref=office',
      `${account}nat_policy_ref=office\n[nat_policy_0]\nref=office`,
      `[sip]\ndefault_proxy=-1\n${account}`,
      '[sip]\ndefault_proxy=0',
      `[sip]\ndefault_proxy=0\n${account}`,
      '[nat_policy_0]\nref=a\nprotocols=turn\nstun_server_username=b\n[auth_info_0]\nusername=b',
      '[nat_policy_0]\nref=a\nprotocols=stun\nstun_server_username=b',
    ],
  },
  'depends-on-nothing': {
    wrong: [`${account}depends_on=other`, `${account}idkey=me\ndepends_on=me`],
    right: [
      `${account}depends_on=`,
      `${account}depends_on=later`,
      `${account}depends_on=b\n[proxy_1]\nreg_identity=\nidkey=b`,
      `${account}depends_on=b\n[proxy_1]\nreg_identity=\nrefkey=b`,
    ],
  },
  'ldap-drops-directories': {
    wrong: [
      '[ldap_0]\nserver=ldap://x.test\n[remote_contact_directory_0]\ntype=carddav\nuri=https://x.test',
      '[remote_contact_directory_3]\ntype=ldap\nuri=ldap://x.test\n[ldap_2]\nserver=ldap://x.test',
      '[remote_contact_directory_0]\ntype=ldap\nuri=ldap://x.test\n[remote_contact_directory_1]\ntype=carddav\nuri=https://x.test',
      '[ldap_0]\nserver=ldap://x.test\n[carddav_0]\nserver_url=https://x.test',
    ],
    right: [
      '[remote_contact_directory_0]\ntype=ldap\nuri=ldap://x.test\n[remote_contact_directory_1]\ntype=ldap\nuri=ldap://y.test',
      '[remote_contact_directory_0]\ntype=carddav\nuri=https://x.test\n[remote_contact_directory_1]\ntype=carddav\nuri=https://y.test',
      '[remote_contact_directory_0]\ntype=ldap\nuri=ldap://x.test\n[ldap_0]\nserver=',
    ],
  },
  'credentials-replaced': {
    wrong: [
      `[auth_info_0]\nusername=a\nrealm=r\n[auth_info_1]\nusername=a\nrealm=r`,
      `[auth_info_0]\nusername=a\nrealm=r\ndomain=\n[auth_info_1]\nusername=a\nrealm=r`,
    ],
    right: [
      `[auth_info_0]\nusername=a\nrealm=r\ndomain=r\n[auth_info_1]\nusername=a\nrealm=r`,
      `[auth_info_0]\nusername=a\nrealm=r\n[auth_info_1]\nusername=a\nrealm=s`,
      `[auth_info_0]\nusername=\n[auth_info_1]\nusername=`,
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
      `[auth_info_0]\nusername=a\nrealm=r\nha1=${md5}`,
      `[auth_info_0]\nusername=a\nrealm=r\nalgorithm=MD5\nha1=${md5}`,
      `[auth_info_0]\nusername=a\nrealm=r\nalgorithm=SHA-256\nha1=${sha256}`,
      '[auth_info_0]\nha1=',
    ],
  },
  'ha1-without-realm': {
    wrong: [`[auth_info_0]\nha1=${md5}`, `[auth_info_0]\nrealm=\nha1=${md5}`],
    right: ['[auth_info_0]\nusername=a\npasswd=secret'],
  },
  'secret-in-base': { wrong: [], right: ['[auth_info_0]\nusername=a\npasswd=secret'] },
  'personal-value': { wrong: [], right: ['[misc]\nuuid=1', '[sound]\nlocal_ring=/home/a/ring.wav'] },
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
      test(`${rule} and all other rules accept ${JSON.stringify(text.slice(0, 80))}`, () => {
        const others = rulesIn(text).filter((found) => found === rule || found !== 'key-deleted');
        assert.deepEqual(others, []);
      });
    }
  }

  test('numbering-hole, section-unnamed and reference-to-nothing know what the account adds', () => {
    const fine = [
      '[proxy_0]\nreg_expires=1',
      '[proxy_1]\nreg_identity=\nidkey=a',
      '[auth_info_1]\nusername=a',
      '[sip]\ndefault_proxy=1',
      '[nat_policy_0]\nref=a\nprotocols=turn\nstun_server_username=b',
    ];
    for (const text of fine) assert.deepEqual(problemsIn(text, 'everybody'), [], text);
    assert.deepEqual(problemsIn('[proxy_2]\nreg_identity=\nidkey=a', 'everybody'), ['numbering-hole']);
    assert.deepEqual(problemsIn('[auth_info_2]\nusername=a', 'everybody'), ['numbering-hole']);
    assert.deepEqual(problemsIn('[proxy_1]\nreg_expires=1', 'everybody'), ['section-unnamed']);
    assert.deepEqual(problemsIn('[auth_info_0]\nrealm=r', 'everybody'), ['section-unnamed']);
    assert.deepEqual(problemsIn('[sip]\ndefault_proxy=2', 'everybody'), ['reference-to-nothing']);
  });

  test('unknown-section says what makes a phone read a NAT policy with a name of its own', () => {
    const policy = '[nat_policy_default_values]\nstun_server=stun.x.test\nprotocols=stun,ice\n';
    const [found] = lintLinphonerc(policy, { file: 'rc', catalogue });
    assert.equal(found?.rule, 'unknown-section');
    assert.match(
      found?.remedy ?? '',
      /^Write nat_policy_ref=nat_policy_default_values in \[proxy_default_values\], or/,
    );
    const named = `${policy}[proxy_default_values]\nnat_policy_ref=nat_policy_default_values\n`;
    assert.deepEqual(problemsIn(named, 'everybody'), []);
  });

  test('treat the names of properties that every object has as any other unknown name', () => {
    for (const audience of ['everybody', 'account'] as const) {
      for (const name of Object.getOwnPropertyNames(Object.prototype)) {
        assert.deepEqual(rulesIn(`[${name}]\nk=v`, audience), rulesIn('[unheard_of]\nk=v', audience), name);
        assert.deepEqual(rulesIn(`[${name}_0]\nk=v`, audience), rulesIn('[unheard_of_0]\nk=v', audience), name);
        assert.deepEqual(rulesIn(`[sip]\n${name}=v`, audience), rulesIn('[sip]\nunheard_of=v', audience), name);
        assert.deepEqual(
          rulesIn(`[sip]\ntransport=${name}`, audience),
          rulesIn('[sip]\ntransport=unheard_of', audience),
        );
        const file = `[${name}]\nuri=/home/alice/a.pem`;
        assert.deepEqual(rulesIn(file, audience), rulesIn('[unheard_of]\nuri=/home/alice/a.pem', audience), name);
      }
    }
  });

  test('personal-value knows what belongs to one device or person', () => {
    const device = [
      '[misc]\nuuid=5f8a',
      '[app]\ndevice=My phone',
      '[sip]\nuser_agent=Linphone-Desktop/6.0.0 (my-laptop) windows/11 LinphoneSDK/5.4.17',
      '[sound]\ncapture_dev_id=ALSA: USB headset',
      '[video]\ndevice=V4L2: HD Webcam',
      '[sip]\nbind_address=192.0.2.7',
      '[sip]\nroot_ca=/home/alice/ca.pem',
      '[sound]\nlocal_ring=C:\\Users\\Alice\\ring.wav',
      '[storage]\nuri=/var/mobile/Containers/Data/Application/1/linphone.db',
      '[sound]\nlocal_ring=/private/var/containers/Bundle/Application/1/linphone.app/ring.caf',
      '[proxy_default_values]\npicture_uri=file:///Users/alice/me.png',
      '[proxy_0]\npush_parameters=pn-provider=apns;pn-prid=0123',
      '[proxy_0]\ncontact_parameters=+sip.instance="<urn:uuid:1>"',
      '[call_log_0]\nfrom=sip:a@x.test\nto=sip:b@x.test\n[call_log_1]\nfrom=sip:a@x.test\nto=sip:b@x.test',
    ];
    const person = [
      '[proxy_0]\nreg_identity=sip:a@x.test\nreg_proxy=<sip:x.test>',
      '[sip]\ncontact=sip:alice@x.test',
      '[ui]\ncall_forward_to_address=sip:a@x.test',
      '[friend_0]\nurl=sip:b@x.test\n[friend_1]\nurl=sip:c@x.test',
    ];
    const nobody = [
      '[misc]\nuuid=',
      '[sound]\ncapture_dev_id=ALSA: default device\nplayback_dev_id=AU: Audio Unit Receiver',
      '[video]\ndevice=StaticImage: Static picture',
      '[sip]\nbind_address=0.0.0.0',
      '[sip]\nuser_agent=Example phones (office)/1.0',
      '[sip]\nroot_ca=/usr/share/linphone/rootca.pem',
      '[storage]\nuri=/Users/Shared/linphone.db',
      '[proxy_0]\npush_parameters=pn-provider=apns',
      '[sip]\ncontact="Linphone Android" <sip:linphone.android@unknown-host>',
      '[x-own]\nuuid=1',
    ];
    const ownText = (text: string) =>
      lintLinphonerc(text, { file: 'rc', catalogue, audience: 'account', accountAdded: true }).map(({ rule }) => rule);
    for (const text of device) {
      assert.deepEqual(rulesIn(text, 'everybody'), ['personal-value'], text);
      assert.deepEqual(ownText(text), ['personal-value'], text);
      assert.deepEqual(rulesIn(text, 'account').includes('personal-value'), false, text);
    }
    for (const text of person) {
      assert.deepEqual(rulesIn(text, 'everybody'), ['personal-value'], text);
      assert.deepEqual(ownText(text), [], text);
    }
    for (const text of nobody) assert.deepEqual(problemsIn(text, 'everybody'), [], text);
    assert.ok(rulesIn('[app]\npush_notification_regid=dIT2:APA91b', 'everybody').includes('personal-value'));
  });

  test('personal-value finds the identity of one person among default values, and their mailbox', () => {
    const keysIn = (text: string) =>
      lintLinphonerc(text, { file: 'rc', catalogue })
        .filter(({ rule }) => rule === 'personal-value')
        .map(({ key }) => key);
    assert.deepEqual(keysIn('[proxy_default_values]\nreg_identity=sip:alice@x.test'), ['reg_identity']);
    assert.deepEqual(keysIn('[proxy_default_values]\nreg_identity=sip:?@x.test'), []);
    for (const key of ['voicemail_uri', 'mwi_server_uri']) {
      const textWith = (user: string) => `[proxy_0]\nreg_identity="A" <sip:alice@x.test>\n${key}=sip:${user}@vm.x.test`;
      assert.deepEqual(keysIn(textWith('alice')), ['reg_identity', key]);
      assert.deepEqual(keysIn(textWith('mailbox')), ['reg_identity']);
      assert.deepEqual(keysIn(`[proxy_0]\n${key}=sip:alice@x.test`), []);
    }
  });

  test('numbering-hole knows that the credentials of the account fill the first hole', () => {
    const holes = (...indexes: number[]) =>
      problemsIn(indexes.map((index) => `[auth_info_${index}]\nusername=user${index}`).join('\n'), 'everybody');
    assert.deepEqual(holes(0, 1, 3), []);
    assert.deepEqual(holes(1), []);
    assert.deepEqual(holes(0, 1, 4), ['numbering-hole']);
    assert.deepEqual(holes(0, 2, 4), ['numbering-hole']);
  });

  test('line-unreadable is the only finding about a line that cannot be read', () => {
    for (const text of [
      '[auth_info_0]\nusername alice\npasswd=x',
      '[proxy_0]\nreg_identity=sip:a@x.test\nreg_proxy <sip:x.test>',
      `[auth_info_0]\nusername=a\nha1=${md5}\nrealm: x`,
      `${account}nat_policy_ref=office\n[nat_policy_0]\nref office`,
      '[auth_info_0]\nusername alice\n[auth_info_1]\nusername=b',
      '[auth_info_0\nusername=a\n[auth_info_1]\nusername=b',
      '[misc]\nconfig-uri-header_0 a:b\nconfig-uri-header_1=a:b',
    ]) {
      assert.deepEqual(rulesIn(text), ['line-unreadable'], text);
    }
    assert.ok(rulesIn('[sip]\nnonsense\n[auth_info_0]\npasswd=x').includes('section-unnamed'));
    assert.ok(rulesIn('[sip]\nnonsense\n[auth_info_1]\nusername=x').includes('numbering-hole'));
  });

  test('documentation-only is the only finding about a key, whatever its value', () => {
    assert.deepEqual(rulesIn('[sip]\nice_enabled=true\n[debug]\nenable=maybe'), ['documentation-only']);
  });

  test('secret-in-base applies only to texts for all accounts', () => {
    for (const line of [
      '[auth_info_0]\nusername=a\npasswd=x',
      `[auth_info_0]\nusername=a\nrealm=r\nha1=${md5}`,
      '[misc]\nconfig-uri-header_0=a:b',
      '[tunnel]\nhttp_proxy_password=x',
      '[ldap_0]\nserver=ldap://x.test\npassword=x',
      '[remote_contact_directory_0]\ntype=ldap\nuri=ldap://x.test\nldap_password=x',
    ]) {
      assert.deepEqual(rulesIn(line, 'everybody'), ['secret-in-base']);
      assert.deepEqual(rulesIn(line, 'account'), []);
    }
    assert.deepEqual(rulesIn('[auth_info_0]\npasswd=', 'everybody'), ['key-deleted']);
    assert.deepEqual(rulesIn('[auth_info_0]\nusername=a\npassword=x', 'everybody'), ['unknown-key', 'secret-in-base']);
    assert.deepEqual(rulesIn('[x-own]\npasswd=x', 'everybody'), ['secret-in-base']);
  });

  test('secret-in-base judges an unknown key by its name, except switches and addresses', () => {
    const secrets = [
      'turn_password',
      'sip_password',
      'api_key',
      'Passwd',
      'adminPassword',
      'push.token',
      'x_ha1',
      'sip_pwd',
      'pass',
      'key_passphrase',
      'PIN',
      'sip_pw',
      'auth_key',
    ];
    for (const section of ['net', 'app', 'x-own', 'nowhere']) {
      for (const key of secrets) {
        assert.ok(rulesIn(`[${section}]\n${key}=x`, 'everybody').includes('secret-in-base'), `${section}/${key}`);
      }
    }
    for (const text of [
      '[x-own]\npassword=',
      '[x-own]\nshow_password=1',
      '[x-own]\nlost_password_url=https://x.test',
      '[x-own]\nbroken=x',
      '[x-own]\nbypass=x',
      '[x-own]\nspin=x',
      '[x-own]\npinned=x',
      '[app]\nrequire_password_to_access_settings=1',
    ]) {
      assert.equal(rulesIn(text, 'everybody').includes('secret-in-base'), false, text);
    }
  });

  test('line-skipped says that Linphone reads a `;` line as a key only if there is a = in it', () => {
    const said = (line: string) => lintLinphonerc(`[sip]\n${line}`, { file: 'rc', catalogue })[0]?.message;
    assert.equal(said('; old=1'), 'skipped; comments begin with #, and Linphone reads this as a key: ; old=1');
    assert.equal(said('; MD5 / SHA-256'), 'skipped; comments begin with #: ; MD5 / SHA-256');
  });

  test('secret-in-base finds passwords in addresses, but no ports', () => {
    for (const value of [
      'http://user:geheim@x.test/rc',
      'https://user:ge:heim@x.test',
      'sip:bob:geheim@x.test',
      '"Bob" <sips:bob:1234@x.test>',
      '<sip:y.test>,<sip:bob:1234@x.test>',
    ]) {
      assert.deepEqual(rulesIn(`[x-own]\na=${value}`, 'everybody'), ['secret-in-base'], value);
      assert.deepEqual(rulesIn(`[x-own]\na=${value}`, 'account'), [], value);
    }
    for (const value of [
      'sip:bob@x.test:5060',
      '<sip:x.test:5060>,<sip:bob@x.test>',
      'sip:x.test:5060,sip:bob@x.test',
      'https://x.test:8080/@bob',
      'https://bob@x.test:8080',
      'a: b@c',
    ]) {
      assert.deepEqual(rulesIn(`[x-own]\na=${value}`, 'everybody'), [], value);
    }
  });

  test('key-deleted is about what texts say, not about what accounts and hooks add', () => {
    const document = documentOf({ auth_info_0: { userid: '' } });
    assert.deepEqual(lintDocument(document, { catalogue }), []);
  });

  test('control-character and value-too-long also apply to documents that were not read from a text', () => {
    const document = documentOf({ 'x-a': { bell: '\u0007', long: 'x'.repeat(16_000) } });
    const rules = lintDocument(document, { catalogue }).map(({ rule }) => rule);
    assert.deepEqual(rules.sort(), ['control-character', 'value-too-long']);
  });
});

describe('a finding', () => {
  const lint = (text: string) => lintLinphonerc(text, { file: 'rc', catalogue });

  test('has a rule, a severity and a place, and says what happens and what to do', () => {
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
        value: 'yes',
        meant: 'use_ipv6=1',
        effect: 'The phone reads it as 0, which means off.',
        remedy: 'Write use_ipv6=1.',
      },
    ]);
  });

  const readings: readonly [text: string, message: string, remedy: string][] = [
    ['[sip]\nsip_port=05060', 'sip_port is read as 2608, not as 05060', 'Write sip_port=5060.'],
    ['[sip]\ninc_timeout=08', 'inc_timeout is read as 0, not as 08', 'Write inc_timeout=8.'],
    ['[sip]\nuse_ipv6=08', 'use_ipv6 is read as 0, not as 08', 'Write use_ipv6=1.'],
    ['[proxy_0]\nreg_expires=4294967297', 'reg_expires is read as 1, not as 4294967297', 'Choose a smaller number.'],
    ['[ldap_0]\nserver=ldap://x.test\ntimeout=0x5', 'timeout is read as 0, not as 0x5', 'Write timeout=5.'],
  ];
  for (const [text, message, remedy] of readings) {
    test(`says that in ${JSON.stringify(text)} ${message}`, () => {
      const [found] = lint(text);
      assert.deepEqual([found?.message, found?.remedy], [message, remedy]);
    });
  }

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
    test(`advises in ${JSON.stringify(text)}: ${remedy}`, () => assert.equal(lint(text)[0]?.remedy, remedy));
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

  test('never quotes a password in an address, whatever is wrong with it', () => {
    const password = `hunter2${'x'.repeat(90)}`;
    for (const text of [
      '[misc]\nconfig-uri=http://bob:PASSWORD@x.test',
      '[misc]\nconfig-uri=bob:PASSWORD@x.test http://bob:PASSWORD@x.test',
      '[proxy_0]\nreg_identity=sip:bob:PASSWORD@x.test\nreg_proxy=sip:bob:PASSWORD@x.test',
      '[proxy_0]\nreg_identity=Zoë <sip:bob:PASSWORD@x.test>\nreg_route=<sip:bob:PASSWORD@x.test',
      '[net]\nnat_policy_ref=sip:bob:PASSWORD@x.test',
      '[sip]\nsip_port=sip:bob:PASSWORD@x.test',
      '[sip]\nsip:bob:PASSWORD@x.test',
      '[sip]\ncontact=sip:bob:a\tPASSWORD@x.test',
    ]) {
      const found = lint(text.replaceAll('PASSWORD', password));
      assert.ok(found.length > 0);
      assert.doesNotMatch(JSON.stringify(found), /hunter2/, text);
    }
  });

  test('is one of at most a hundred for its rule, in the order of the text', () => {
    const textOf = (size: number) =>
      `[sip]\n${Array.from({ length: size }, (_, index) => `unknown_key_${index}=1\n`).join('')}`;
    assertGrowsLinearly(textOf, lint, 20_000);
    const found = lint(textOf(20_000));
    assert.deepEqual(
      found.map(({ line }) => line),
      Array.from({ length: 100 }, (_, index) => index + 2),
    );
  });

  test('takes time that grows only with the length of an address', () => {
    for (const textWith of [
      (size: number) => `${' '.repeat(size)}"`,
      (size: number) => `"${'\\'.repeat(size)}`,
      (size: number) => `${'a '.repeat(size / 2)}<`,
      (size: number) => `${'a:'.repeat(size / 2)}<@`,
    ]) {
      const textOf = (size: number) =>
        ['reg_identity', 'reg_proxy', 'reg_route'].map((key) => `${key}=a${textWith(size)}\n`).join('');
      assertGrowsLinearly((size) => `[proxy_0]\n${textOf(size)}`, lint, 15_900);
    }
  });

  test('about a value takes time that grows only with its length', () => {
    const texts: Readonly<Record<string, (size: number) => string>> = {
      user_agent: (size) => `[sip]\nuser_agent=${'/('.repeat(size / 4)}${')L'.repeat(size / 4)}\n`,
      'numbers with an end': (size) => `[sip]\ntimer_C=1\n[sound]\nmic_gain_db=${'1'.repeat(size)}x\n`,
      passwords: (size) => `[net]\nnat_policy_ref=@${'a:b:'.repeat(size / 4)}\n`,
      'a mailbox': (size) => `[proxy_0]\nreg_identity=${'sip:i:'.repeat(size / 6)}\nvoicemail_uri=sip:i@x\n`,
    };
    for (const [what, textOf] of Object.entries(texts)) assertGrowsLinearly(textOf, lint, 15_900, what);
  });

  test('is at a place within the text, for any text', () => {
    fc.assert(
      fc.property(anyText, anyText, (section, rest) => {
        const text = `[proxy_0]\nreg_identity=${rest}\nreg_proxy=${rest}\n[${section}]\n${rest}`;
        const lines = text.split('\n').length;
        for (const { line = 0, column = 0 } of lint(text)) assert.ok(line >= 1 && line <= lines && column >= 1);
      }),
    );
  });

  test('names no mistake of the layers below, although the text is checked together with them', () => {
    const below = documentOf({ proxy_0: { idkey: 'main', nonsense: '1' } });
    const options = { file: 'space', catalogue, audience: 'account', below } as const;
    assert.deepEqual(lintLinphonerc(`${account.replace('_0', '_1')}depends_on=main`, options), []);
    assert.deepEqual(
      lintLinphonerc(`${account.replace('_0', '_2')}depends_on=main`, options).map(
        ({ rule, line }) => `${rule} ${line}`,
      ),
      ['numbering-hole 1'],
    );
  });
});

describe('the rules', () => {
  test('all have a name in kebab-case, and say what they find, what happens and how to fix it', () => {
    for (const [id, { about, effect, remedy }] of Object.entries(lintRules)) {
      assert.match(id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      for (const text of [about, effect, remedy]) assert.match(text, /^[A-Z5`].*\.$/, `${id}: ${text}`);
    }
  });
});
