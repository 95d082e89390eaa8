import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { documentOf } from '../../src/lpconfig/document.ts';
import {
  findKey,
  findSection,
  isRead,
  isSecretKey,
  type KeyFacts,
  loadKeyCatalogue,
  suggestKey,
  suggestSection,
} from '../../src/lpconfig/key-catalogue.ts';
import { lintDocument } from '../../src/lpconfig/lint-document.ts';
import { lintLinphonerc } from '../../src/lpconfig/lint-linphonerc.ts';
import { lintRules } from '../../src/lpconfig/lint-rules.ts';
import { checkKey, checkName } from '../../src/lpconfig/rules.ts';

const catalogue = await loadKeyCatalogue();
const all: readonly KeyFacts[] = [...catalogue.values()].flatMap(({ keys }) => [...keys.values()]);

describe('the catalogue of keys', () => {
  test('has hundreds of keys, most of them with a description', () => {
    assert.ok(all.length > 750);
    assert.ok(all.filter(({ meaning }) => meaning !== undefined).length > all.length * 0.9);
  });

  test('is read once', () => assert.equal(loadKeyCatalogue(), loadKeyCatalogue()));

  test('finds numbered sections and keys by their pattern', () => {
    assert.equal(findKey(catalogue, 'proxy_12', 'reg_proxy')?.type, 'address');
    assert.equal(findKey(catalogue, 'misc', 'config-uri-header_3')?.secret, true);
    assert.equal(findSection(catalogue, 'nat_policy_0'), findSection(catalogue, 'nat_policy_N'));
    for (const name of ['proxy_', 'proxy_01', 'proxy_-1', 'proxy', 'sip_0']) {
      assert.equal(findSection(catalogue, name), undefined, name);
    }
  });

  test('knows the directories, and which of their keys are secret', () => {
    for (const [section, key] of [
      ['ldap_0', 'server'],
      ['remote_contact_directory_1', 'ldap_server'],
      ['remote_contact_directory_0', 'carddav_fields_for_user_input'],
      ['carddav_0', 'fields_for_domain'],
      ['carddav_0', 'fields_for_user_input'],
    ] as const) {
      assert.ok(isRead(findKey(catalogue, section, key)), `${section}/${key}`);
      assert.equal(isSecretKey(catalogue, section, key), false);
    }
    assert.ok(isSecretKey(catalogue, 'ldap_0', 'password'));
    assert.ok(isSecretKey(catalogue, 'remote_contact_directory_3', 'ldap_password'));
  });

  test('knows keys that Java, extensions and the desktop app read, and names that are composed at run time', () => {
    const text = `
[misc]
add_missing_audio_codecs=0
add_missing_video_codecs=0
add_missing_text_codecs=0
store_rtt_messages=1
[sound]
ringer_dev_id=a
ringer_dev_id2=b
ringer_dev_id3=c
rtp_io=1
rtp_map=PCMU/8000/1
rtp_ptnum=0
[video]
rtp_local_port=17076
[audio]
android_disable_audio_focus_requests=1
android_monitor_audio_devices=1
android_pause_calls_when_audio_focus_lost=1
[app]
disable_chat_feature=1
[ui]
rc_version=7
standard_chat_enabled=1
secure_chat_enabled=1
standard_chat_enabled/readonly=0
secure_chat_enabled/readonly=0
assistant_supports_phone_numbers/readonly=0
disable_meetings_feature/readonly=1
[sip]
keepalive_period=300000
`;
    assert.deepEqual(lintLinphonerc(text, { file: 'rc', catalogue, audience: 'account' }), []);
  });

  test('knows what the apps before version 6 keep in their files', () => {
    const text = `
[app]
first_start=0
device_name=Pixel 7
use_self_managed_telecom_manager=1
user_disabled_self_managed_telecom_manager=0
lime_security_popup_enabled=0
version_check_url_last_timestamp=1696843000
voice_recording_hold_and_release_mode=1
hide_chat_message_content_in_notification=0
display_contact_organization=1
video_preview=0
enable_animations=1
default_conference_factory_uri=sip:conference-factory@x.test
side_menu_conferences=1
avpf_migration_done=1
quality_report_migration_done=1
file_transfer_migration_done=1
lime_migration_done=1
push_notification_migration_done=1
userpref_migration_done=1
migration_xmlrpc=1
migration_images_done=1
debugenable_preference=1
animations_preference=1
must_link_account_time=1696843000
link_account_popup_time=84200
domain_name=x.test
media_encrption_mandatory_preference=1
mp4v-es_preference=0
password_preference=x
[misc]
handle_content_encoding=conflate
[sip]
contact_im_type_value=SIP
[audio]
codec_bitrate_limit=36
`;
    const found = lintLinphonerc(text, { file: 'rc', catalogue, audience: 'account' });
    const others = found.filter(({ rule }) => rule !== 'old-apps-only');
    assert.equal(found.length, 32);
    assert.deepEqual(others, []);
    assert.ok(isSecretKey(catalogue, 'app', 'password_preference'));
  });

  test('knows that only apps read [app], so that an unknown key there is no problem unless it resembles a known one', () => {
    const rulesOf = (line: string) =>
      lintLinphonerc(`[app]\n${line}`, { file: 'rc', catalogue }).map(({ rule, severity }) => [rule, severity]);
    assert.deepEqual(rulesOf('frobnicate=1'), [['unknown-app-key', 'note']]);
    assert.deepEqual(rulesOf('auto_strat=1'), [['unknown-key', 'warning']]);
    assert.deepEqual(rulesOf('media_encryption=srtp'), [['unknown-key', 'warning']]);
  });

  test('accepts any key in [ui_colors], the colors of the desktop app', () => {
    assert.deepEqual(lintLinphonerc('[ui_colors]\ni=#ff5e00\nanything=#000000', { file: 'rc', catalogue }), []);
  });

  test('locks only what the desktop app reads', () => {
    assert.equal(findKey(catalogue, 'ui', 'hide_fps/readonly')?.key, 'hide_fps/readonly');
    assert.equal(findKey(catalogue, 'sip', 'media_encryption/readonly'), undefined);
    assert.equal(findKey(catalogue, 'ui', 'hide_fps/locked'), undefined);
    assert.ok(isSecretKey(catalogue, 'ui', 'oauth2_password/readonly'));
  });

  test('suggests names that are close, but not those that are merely part of a name', () => {
    assert.equal(suggestSection(catalogue, 'prox_0'), 'proxy_0');
    assert.equal(suggestSection(catalogue, 'something_else'), undefined);
    assert.equal(suggestKey(catalogue, 'net', 'mtuu'), 'mtu');
    assert.equal(suggestKey(catalogue, 'sip', 'a_contact_of_mine'), undefined);
    assert.equal(suggestKey(catalogue, 'nowhere', 'media_encryption'), 'sip/media_encryption');
    assert.equal(suggestKey(catalogue, 'video', 'enabled'), undefined);
    assert.equal(suggestKey(catalogue, 'net', 'turn_password'), undefined);
  });

  test('has names that a linphonerc can contain, and descriptions of one line', () => {
    for (const { section, key, meaning = '' } of all) {
      assert.equal(checkName(section) ?? checkKey(key), undefined, `${section}/${key}`);
      assert.doesNotMatch(meaning, /[\n|]/);
      assert.ok(meaning === '' || meaning.endsWith('.'), `${section}/${key}: ${meaning}`);
    }
  });

  test('names the source of each key, and refers only to keys that are still read', () => {
    for (const facts of all) {
      const name = `${facts.section}/${facts.key}`;
      assert.ok(facts.in.length > 0, name);
      assert.equal(facts.in.includes('documentation') && facts.in.length > 1, false, name);
      if (facts.instead === undefined) continue;
      const [section = '', key = ''] = facts.instead.split('/');
      const other = findKey(catalogue, section, key);
      assert.ok(other !== undefined && other.instead === undefined, `${name} leads to ${facts.instead}`);
    }
  });

  test('has defaults that its own types allow', () => {
    for (const { section, key, default: value, ...facts } of all) {
      if (value === undefined || facts.instead !== undefined || facts.in.includes('documentation')) continue;
      const document = documentOf({ [section.replace(/_N$/, '_0')]: { [key.replace(/_N$/, '_0')]: value } });
      const rules = lintDocument(document, { catalogue, audience: 'account' }).map(({ rule }) => rule);
      assert.deepEqual(
        rules.filter((rule) => lintRules[rule].severity !== 'note' && rule !== 'section-unnamed'),
        [],
        `${section}/${key}=${value}`,
      );
    }
  });
});
