import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/errors.ts';
import type { DocumentEditor, SectionEditor } from '../../src/hooks/contract.ts';
import { findValue } from '../../src/lpconfig/document.ts';
import { checkEntry, checkName } from '../../src/lpconfig/rules.ts';
import { provision, provisioning, space } from './provision.ts';

const linphonerc = '[sip]\nmedia_encryption=srtp\nuse_ipv6=1\n[video]\nenabled=1\n';

describe('a hook that edits the document', () => {
  test('adds, changes and removes entries and whole sections', async () => {
    const document = await provision(
      {
        document(document) {
          const sip = document.section('sip');
          sip.set('media_encryption', 'zrtp');
          sip.set('keepalive_period', '30000');
          sip.remove('use_ipv6');
          sip.remove('never_there');
          document.removeSection('video');
          document.removeSection('never_there');
          document.section('audio').set('codec', 'opus & "more" <x>');
        },
      },
      { linphonerc },
    );
    assert.deepEqual(document.sip, { media_encryption: 'zrtp', keepalive_period: '30000' });
    assert.equal(document.video, undefined);
    assert.deepEqual(document.audio, { codec: 'opus & "more" <x>' });
  });

  test('changes its own section as a proxy hook, and others through the document', async () => {
    const document = await provision({
      proxy(section, { document, external }) {
        section.set('reg_expires', external ? '60' : '600');
        document.section('app').set(`seen_${section.name}`, '1');
      },
    });
    assert.equal(document.proxy_0?.reg_expires, '600');
    assert.equal(document.proxy_1?.reg_expires, '60');
    assert.deepEqual(document.app, { seen_proxy_0: '1', seen_proxy_1: '1' });
  });

  test('changes the credentials of its section as an auth hook', async () => {
    const document = await provision({
      auth: (section, { credentials }) => section.set('userid', `${credentials.username}-auth`),
    });
    assert.equal(document.auth_info_0?.userid, 'alice-auth');
    assert.equal(document.auth_info_2?.userid, 'bob-auth');
  });

  test('makes an entry overwrite unless it says otherwise', async () => {
    const xml = await provisioning({
      document(document) {
        const ui = document.section('ui');
        ui.set('one', '1');
        ui.set('two', '2', { overwrite: true });
        ui.set('three', '3', { overwrite: false });
      },
    }).xml();
    assert.match(xml, /<entry name="one" overwrite="true">1</);
    assert.match(xml, /<entry name="two" overwrite="true">2</);
    assert.match(xml, /<entry name="three">3</);
  });

  test('also changes base documents, each time from the original', async () => {
    const { base, context } = provisioning({
      document: (document, { request }) => document.section('ui').set(request.query.get('set') ?? 'none', '1'),
    });
    const first = await base();
    assert.match(first, /<entry name="none" overwrite="true">1</);
    assert.equal(await base(), first);
    assert.doesNotMatch(context.baseDocuments.textOf(space), /none/);
  });

  test('sees the changes of earlier hooks', async () => {
    let seen: string | undefined;
    await provision({
      proxy: (section) => section.set('reg_expires', '600'),
      document(document) {
        seen = document.findSection('proxy_0')?.get('reg_expires');
      },
    });
    assert.equal(seen, '600');
  });

  test('reads sections and entries in the order of the document, without empty sections', async () => {
    const editors: { document: DocumentEditor; sip: SectionEditor }[] = [];
    await provision(
      {
        document(document) {
          document.section('empty');
          document.section('emptied').set('a', '1');
          document.section('emptied').remove('a');
          const sip = document.section('sip');
          sip.set('added', 'x', { overwrite: false });
          editors.push({ document, sip });
        },
      },
      { linphonerc },
    );
    const { document, sip } = editors[0] ?? assert.fail();
    assert.deepEqual(
      document
        .sections()
        .slice(0, 3)
        .map(({ name }) => name),
      ['sip', 'video', 'misc'],
    );
    assert.equal(document.findSection('empty'), undefined);
    assert.equal(document.findSection('emptied'), undefined);
    assert.equal(document.findSection('not a name'), undefined);
    assert.equal(document.findSection('video')?.get('enabled'), '1');
    assert.equal(sip.get('no_such_entry'), undefined);
    assert.deepEqual(sip.entries(), [
      { name: 'media_encryption', value: 'srtp', overwrite: true },
      { name: 'use_ipv6', value: '1', overwrite: true },
      { name: 'added', value: 'x', overwrite: false },
    ]);
  });

  test('is named as the origin of the entries that it sets', async () => {
    const document = await provisioning({
      proxy: (section) => section.set('reg_expires', '600'),
      document: (document) => document.section('ui').set('a', '1'),
    }).entries();
    assert.deepEqual(document.get('proxy_0')?.get('reg_expires')?.origin, { layer: 'hook proxy' });
    assert.deepEqual(document.get('ui')?.get('a')?.origin, { layer: 'hook document' });
    assert.deepEqual(document.get('proxy_0')?.get('reg_identity')?.origin, { layer: 'account' });
  });

  test('may return anything, which is ignored', async () => {
    const document = await provision({ proxy: () => ({ reg_expires: '1' }), document: async () => new Map() });
    assert.equal(document.proxy_0?.reg_expires, undefined);
    assert.equal(document.proxy_0?.reg_sendregister, '1');
  });

  test('removes transient_provisioning by setting a config-uri, which the phone would forget otherwise', async () => {
    const document = await provision({
      document: (document) => document.section('misc').set('config-uri', 'https://other.example.com/provisioning'),
    });
    assert.equal(document.misc?.transient_provisioning, undefined);
  });

  test('cannot set a user name, realm or display name with a space at an end, because Linphone would drop the space', async () => {
    for (const [section, entry, value] of [
      ['auth_info_0', 'username', 'pbx '],
      ['auth_info_0', 'userid', ' pbx'],
      ['auth_info_0', 'realm', 'r '],
      ['proxy_0', 'realm', ' r'],
      ['proxy_0', 'reg_identity', '"pbx " <sip:pbx@sip.example.com>'],
      ['proxy_0', 'reg_identity', '" pbx" <sip:pbx@sip.example.com>'],
      ['proxy_0', 'reg_identity', '<sip:pbx@sip.example.com> '],
      ['nat_policy_0', 'stun_server_username', '1:pbx '],
    ] as const) {
      const { xml } = provisioning({ document: (document) => document.section(section).set(entry, value) });
      await assert.rejects(xml, (error) => error instanceof AppError && error.code === 'hook-failed', value);
    }
    const { xml } = provisioning({
      document: (document) => {
        document.section('proxy_0').set('reg_identity', '"p \\"b\\"" <sip:pbx@sip.example.com>');
        document.section('ui').set('label', ' kept ');
      },
    });
    assert.match(await xml(), /> kept </);
  });

  test('either sets any value unchanged or is refused', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z0-9_.:-]{1,110}$/));
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 400 }));
    await fc.assert(
      fc.asyncProperty(text, text, value, async (section, entry, value) => {
        const { entries, xml } = provisioning({ document: (document) => document.section(section).set(entry, value) });
        if (checkName(section) === undefined && checkEntry(entry, value) === undefined) {
          assert.equal(findValue(await entries(), section, entry), value);
          await xml();
        } else {
          await assert.rejects(xml, (error) => error instanceof AppError && error.code === 'hook-failed');
        }
      }),
    );
  });
});
